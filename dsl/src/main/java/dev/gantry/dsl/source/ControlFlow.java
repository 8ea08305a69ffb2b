package dev.gantry.dsl.source;

/** Leaves a script for a reason of Gantry's own; an error, so that a script's {@code catch} does not hold it up. */
public abstract class ControlFlow extends Error {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one without a stack trace.
     *
     * @param message why the script is left
     */
    protected ControlFlow(String message) {
        super(message, null, false, false); // nobody looks at where it came from
    }
}
