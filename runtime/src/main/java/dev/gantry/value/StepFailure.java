package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;

/** A step of a launch was refused: which one, why, and where it was asked for. */
public final class StepFailure extends ContainerException {
    /** Who performed the step. */
    public enum Phase {
        /** The runtime, outside of the container. */
        RUNTIME,

        /** The init, in it. */
        INIT,

        /** The init when it executed the program, its last step. */
        EXEC
    }

    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final Errno errno;

    /** Creates the error; {@code hint} and {@code cause} may be null. */
    public StepFailure(
            String operation, ErrorKind kind, String text, String hint, Phase phase, Errno errno, Throwable cause) {
        super(operation, kind, text, hint, cause);
        this.phase = phase;
        this.errno = errno;
    }

    /** Returns who performed the step that was refused. */
    public Phase phase() {
        return phase;
    }

    /** Returns why it was refused. */
    public Errno errno() {
        return errno;
    }
}
