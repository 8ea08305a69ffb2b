package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.util.List;

/** A command whose success was asked for ended with another status than 0. */
public final class CommandFailure extends ContainerException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_LINES = 10;

    private final transient ExecResult result;

    CommandFailure(ExecResult result) {
        super(ErrorKind.COMMAND_FAILED, message(result));
        this.result = result;
    }

    /** Returns what the command left behind. */
    public ExecResult result() {
        return result;
    }

    private static String message(ExecResult result) {
        String end = result.status().signal() == 0
                ? "exit status " + result.exit()
                : "killed by signal " + result.status().signal();
        return "exec `%s`: %s%s".formatted(String.join(" ", result.args()), end, tail(result));
    }

    /** Returns the last lines of what was written, each on a line of its own; empty if there are none. */
    static String tail(ExecResult result) {
        List<String> lines =
                (result.err().isBlank() ? result.out() : result.err()).lines().toList();
        List<String> tail = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
        return tail.isEmpty() ? "" : "\n  " + String.join("\n  ", tail);
    }
}
