package dev.gantry.dsl;

/** Leaves a script for a reason of Gantry's own; an error, so that a script's {@code catch} does not hold it up. */
abstract class ControlFlow extends Error {
    private static final long serialVersionUID = 1L;

    ControlFlow(String message) {
        super(message, null, false, false); // nobody looks at where it came from
    }
}
