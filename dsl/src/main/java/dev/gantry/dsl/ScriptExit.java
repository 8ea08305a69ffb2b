package dev.gantry.dsl;

/** Carries {@code exit N} to the end of the script. */
final class ScriptExit extends ControlFlow {
    private static final long serialVersionUID = 1L;

    private final int status;

    ScriptExit(int status) {
        super("exit " + status);
        this.status = status;
    }

    int status() {
        return status;
    }
}
