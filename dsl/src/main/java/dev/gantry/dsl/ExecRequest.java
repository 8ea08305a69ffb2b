package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.oci.Process;
import dev.gantry.oci.User;
import dev.gantry.runtime.ExecIo;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a script asks of {@code exec}: the process and how it is treated. What is wrong with the named arguments is thrown.
 *
 * @param opened a file that is to be read by the process and closed afterwards; null if there is none
 */
record ExecRequest(Process process, ExecIo options, InputStream opened) implements AutoCloseable {
    private static final Pattern USER = Pattern.compile("(\\d{1,10})(?::(\\d{1,10}))?");

    /** Returns the request of a call with these named arguments. */
    static ExecRequest of(String method, Process process, Map<String, ?> options, ScriptSession session) {
        Options given = options(method, options, session);
        Process.Builder changed = process.toBuilder();
        if (given.flag("tty", false)) {
            changed.terminal(true);
        }
        given.text("cwd").ifPresent(changed::cwd);
        if (given.isGiven("env")) {
            changed.env(env(process.env(), given.map("env")));
        }
        if (given.isGiven("user")) {
            changed.user(user(process.user(), options.get("user"), session));
        }
        ExecIo how = ExecIo.DEFAULT;
        if (given.flag("tee", false)) {
            how = how.copyingTo(session.out(), session.err());
        }
        if (given.isGiven("timeout")) {
            how = how.within(duration(options.get("timeout"), session));
        }
        InputStream opened = null;
        if (given.isGiven("stdin")) {
            Object source = options.get("stdin");
            InputStream in = session.isRehearsed() && (source instanceof File || source instanceof Path)
                    ? InputStream.nullInputStream() // it may be made before it is read
                    : input(source, session);
            opened = in == source ? null : in;
            how = how.reading(in);
        }
        return new ExecRequest(changed.build(), how, opened);
    }

    private static Duration duration(Object value, ScriptSession session) {
        if (value instanceof Duration duration) {
            return duration;
        }
        try {
            return TimeSpan.parse(String.valueOf(value));
        } catch (IllegalArgumentException e) {
            throw session.mistake(String.valueOf(value), "container: `timeout`: " + e.getMessage());
        }
    }

    private static InputStream input(Object source, ScriptSession session) {
        try {
            if (source instanceof CharSequence text) {
                return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
            } else if (source instanceof byte[] bytes) {
                return new ByteArrayInputStream(bytes);
            } else if (source instanceof File || source instanceof Path) {
                return Files.newInputStream(Path.of(session.source().resolve(source.toString())));
            } else if (source instanceof InputStream stream) {
                return stream;
            } else if (source instanceof CommandResult result) {
                return new ByteArrayInputStream(result.getOut().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.IO, "read `%s`: %s".formatted(source, e.getMessage()), e);
        }
        String text = "container: `stdin` must be text, a file, bytes or a stream, not " + Kinds.ofValue(source);
        throw session.mistake("stdin", text);
    }

    /** Closes the file that was opened for it. */
    @Override
    public void close() {
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Options options(String method, Map<String, ?> options, ScriptSession session) {
        return new Options(LiveContainer.class, method, options, (word, text) -> {
            throw session.mistake(word, text);
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

    private static User user(User own, Object value, ScriptSession session) {
        Matcher matcher = USER.matcher(String.valueOf(value));
        if (!matcher.matches()) {
            String text = "container: `user` of `exec` must be a uid or 'uid:gid', not `%s`".formatted(value);
            throw session.mistake(String.valueOf(value), text);
        }
        long gid = matcher.group(2) == null ? own.gid() : Long.parseLong(matcher.group(2));
        return User.builder().uid(Long.parseLong(matcher.group(1))).gid(gid).build();
    }
}
