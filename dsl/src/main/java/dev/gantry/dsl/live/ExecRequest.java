package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Options;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.oci.Process;
import dev.gantry.runtime.Container;
import dev.gantry.value.ExecIo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a script asks of {@code exec}: the process and how it is treated. What is wrong with the named arguments is
 * thrown.
 *
 * @param input what the process reads; null if nothing
 */
record ExecRequest(Process process, ExecIo options, ExecInput input) implements AutoCloseable {
    private static final Pattern USER =
            Pattern.compile("(\\d{1,10}|[a-zA-Z_][\\w.-]*)(:(\\d{1,10}|[a-zA-Z_][\\w.-]*))?");

    /**
     * Returns the request of a call with these named arguments.
     *
     * @param container knows its users by name; null in a rehearsal
     */
    static ExecRequest of(
            String method, Process process, Map<String, ?> options, Session session, Container container) {
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
            String name = user(options.get("user"), session);
            if (container != null) {
                changed.user(container.root().user(name, process.user()));
            }
        }
        ExecIo how = ExecIo.DEFAULT;
        if (given.flag("tee", false)) {
            how = how.copyingTo(session.out(), session.err()).keepingLast();
        }
        if (given.isGiven("timeout")) {
            how = how.within(duration(options.get("timeout"), session));
        }
        if (!given.isGiven("stdin")) {
            return new ExecRequest(changed.build(), how, null);
        }
        ExecInput input = ExecInput.of(options.get("stdin"), session)
                .orElseThrow(() -> session.mistake(
                        Span.of("stdin"),
                        "container: `stdin` must be text, a file, bytes, a stream or a result of `exec`, not "
                                + Kinds.ofValue(options.get("stdin"))));
        return new ExecRequest(changed.build(), how.reading(input.stream()), input);
    }

    /** Returns the same for a script that it runs. */
    ExecRequest running(ShellScript script) {
        return new ExecRequest(
                process, script.isFile() ? options.runningFile(script.text()) : options.running(script.text()), input);
    }

    private static Duration duration(Object value, Session session) {
        try {
            Duration limit = value instanceof Duration given ? given : TimeSpan.parse(String.valueOf(value));
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("it must be longer than 0");
            }
            return limit;
        } catch (IllegalArgumentException e) {
            throw session.mistake(Span.of("timeout", String.valueOf(value)), "container: `timeout`: " + e.getMessage());
        }
    }

    /** Closes what was opened for it. */
    @Override
    public void close() {
        if (input != null) {
            input.close();
        }
    }

    static Options options(String method, Map<String, ?> options, Session session) {
        return new Options(LiveContainer.class, method, options, (span, text) -> {
            throw session.mistake(span, text);
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

    private static String user(Object value, Session session) {
        String text = String.valueOf(value);
        if (value == null || !USER.matcher(text).matches()) {
            String wrong = "container: `user` of `exec` must be a name or a number, or 'user:group', not `%s`";
            throw session.mistake(Span.of("user", text), wrong.formatted(text));
        }
        return text;
    }
}
