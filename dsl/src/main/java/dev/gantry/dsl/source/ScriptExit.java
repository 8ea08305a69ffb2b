package dev.gantry.dsl.source;

/** Carries {@code exit N} to the end of the script. */
public final class ScriptExit extends ControlFlow {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Creates one.
     *
     * @param status from 0 to 255
     */
    public ScriptExit(int status) {
        super("exit " + status);
        this.status = status;
    }

    /** Returns the status with which the script wants to end. */
    public int status() {
        return status;
    }
}
