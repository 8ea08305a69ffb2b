package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.time.Duration;

/** A command was killed because its time was out. */
public final class TimeoutFailure extends ContainerException {
    private static final long serialVersionUID = 1L;

    private final transient ExecResult result;

    public TimeoutFailure(String containerId, ExecResult result, Duration limit) {
        super(ErrorKind.COMMAND_FAILED, message(containerId, result, limit));
        this.result = result;
    }

    private static String message(String containerId, ExecResult result, Duration limit) {
        return "exec in `%s`: `%s` was killed after %s%s"
                .formatted(
                        containerId,
                        String.join(" ", result.args()),
                        limit.toString().substring(2).toLowerCase(java.util.Locale.ROOT),
                        CommandFailure.tail(result));
    }

    /** Returns what the command had written by then. */
    public ExecResult result() {
        return result;
    }
}
