package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.time.Duration;

/** A command was killed because its time was out. */
public final class TimeoutFailure extends ContainerException {
    private static final long serialVersionUID = 1L;

    private final transient ExecResult result;

    public TimeoutFailure(String containerId, ExecResult result, Duration limit) {
        super("%s in `%s`".formatted(result.verb(), containerId), ErrorKind.COMMAND_FAILED, text(result, limit));
        this.result = result;
    }

    private static String text(ExecResult result, Duration limit) {
        return "`%s` was killed after %s%s"
                .formatted(
                        result.words(),
                        limit.toString().substring(2).toLowerCase(java.util.Locale.ROOT),
                        CommandFailure.tail(result));
    }

    /** Returns what the command had written by then. */
    public ExecResult result() {
        return result;
    }
}
