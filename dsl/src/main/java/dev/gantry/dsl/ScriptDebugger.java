package dev.gantry.dsl;

import java.util.OptionalInt;

/** Opens a prompt in the midst of a script. */
public interface ScriptDebugger {
    /**
     * The script stands still: at {@code breakpoint()}, or because it has failed. Called on the script's thread.
     *
     * @param script evaluates texts with the variables and containers of the script; what they make is deleted with it
     * @param why a line for the user
     * @return a status with which the script is to end; empty if it is to go on
     */
    OptionalInt stopped(InteractiveScript script, String why);
}
