package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.oci.Process;
import dev.gantry.oci.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The named arguments of calls on a {@link LiveContainer}; what is wrong with them is thrown. */
final class ExecRequest {
    private static final Pattern USER = Pattern.compile("(\\d{1,10})(?::(\\d{1,10}))?");

    private ExecRequest() {}

    /** Returns a process with the changes that the caller of {@code exec} asked for. */
    static Process of(Process process, Map<String, ?> options) {
        Options given = options("exec", options);
        Process.Builder changed = process.toBuilder();
        given.text("cwd").ifPresent(changed::cwd);
        if (given.isGiven("env")) {
            changed.env(env(process.env(), given.map("env")));
        }
        if (given.isGiven("user")) {
            changed.user(user(process.user(), options.get("user")));
        }
        return changed.build();
    }

    static Options options(String method, Map<String, ?> options) {
        return new Options(LiveContainer.class, method, options, (word, text) -> {
            throw wrong(text);
        });
    }

    private static List<String> env(List<String> inherited, Map<?, ?> added) {
        List<String> env = new ArrayList<>(inherited);
        added.forEach((name, value) -> {
            env.removeIf(entry -> entry.startsWith(name + "="));
            if (value != null) {
                env.add(name + "=" + value);
            }
        });
        return env;
    }

    private static User user(User own, Object value) {
        Matcher matcher = USER.matcher(String.valueOf(value));
        if (!matcher.matches()) {
            throw wrong("container: `user` of `exec` must be a uid or 'uid:gid', not `%s`".formatted(value));
        }
        long gid = matcher.group(2) == null ? own.gid() : Long.parseLong(matcher.group(2));
        return User.builder().uid(Long.parseLong(matcher.group(1))).gid(gid).build();
    }

    private static ContainerException wrong(String text) {
        return new ContainerException(ErrorKind.CONFIG, text);
    }
}
