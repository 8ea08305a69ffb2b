package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;
import dev.gantry.plan.PlannedStep;

/** A step of a launch was refused: which one, why, and where it was asked for. */
public final class StepFailure extends ContainerException {
    private static final long serialVersionUID = 1L;

    private final transient PlannedStep step;
    private final Errno errno;

    /** Creates the error; {@code hint} and {@code cause} may be null. */
    public StepFailure(ErrorKind kind, String message, String hint, PlannedStep step, Errno errno, Throwable cause) {
        super(kind, message, hint, cause);
        this.step = step;
        this.errno = errno;
    }

    /** Returns the step that was refused. */
    public PlannedStep step() {
        return step;
    }

    /** Returns why it was refused. */
    public Errno errno() {
        return errno;
    }
}
