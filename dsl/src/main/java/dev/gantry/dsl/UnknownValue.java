package dev.gantry.dsl;

/** Ends a statement of a rehearsal that needs what only a run can tell; an error, so that no {@code catch} holds it up. */
final class UnknownValue extends Error {
    private static final long serialVersionUID = 1L;

    UnknownValue() {
        super("known only when the script runs", null, false, false);
    }
}
