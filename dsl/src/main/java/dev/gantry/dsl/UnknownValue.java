package dev.gantry.dsl;

/** Ends a statement of a rehearsal that needs what only a run can tell. */
final class UnknownValue extends ControlFlow {
    private static final long serialVersionUID = 1L;

    UnknownValue() {
        super("known only when the script runs");
    }
}
