package dev.gantry.value;

import dev.gantry.kernel.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What a process that ran to its end left behind.
 *
 * @param args what was run
 * @param bytes all of its standard output, not copied
 * @param err all of its standard error, as UTF-8
 */
public record ExecResult(List<String> args, ExitStatus status, byte[] bytes, String err, Duration duration) {
    public ExecResult {
        args = List.copyOf(args);
    }

    /** Creates a result of text. */
    public ExecResult(List<String> args, ExitStatus status, String out, String err, Duration duration) {
        this(args, status, out.getBytes(StandardCharsets.UTF_8), err, duration);
    }

    /** Returns the standard output, as UTF-8. */
    public String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the exit status, or 128 plus the signal that killed it. */
    public int exit() {
        return status.shell();
    }

    /** Returns the standard output, as UTF-8. */
    public String text() {
        return out();
    }

    /** Returns the standard output line by line, as UTF-8. */
    public List<String> lines() {
        return out().lines().toList();
    }

    /**
     * Returns this result if the process ended well.
     *
     * @throws CommandFailure if its exit status was not 0
     */
    public ExecResult check() {
        if (exit() != 0) {
            throw new CommandFailure(this);
        }
        return this;
    }
}
