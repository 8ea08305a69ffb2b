package dev.gantry.dsl.rehearsal;

import dev.gantry.dsl.source.ControlFlow;

/** Ends a statement of a rehearsal that needs what only a run can tell. */
public final class UnknownValue extends ControlFlow {
    private static final long serialVersionUID = 1L;

    /** Creates what ends the statement. */
    public UnknownValue() {
        super("known only when the script runs");
    }
}
