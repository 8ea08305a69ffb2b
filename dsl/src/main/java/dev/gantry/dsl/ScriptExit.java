package dev.gantry.dsl;

/** Carries {@code exit N} to the end of the script; an error, so that a script's {@code catch} does not hold it up. */
final class ScriptExit extends Error {
    private static final long serialVersionUID = 1L;

    private final int status;

    ScriptExit(int status) {
        super("exit " + status, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
