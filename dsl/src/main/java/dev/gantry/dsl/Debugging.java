package dev.gantry.dsl;

import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.error.ContainerException;
import java.util.OptionalInt;

/**
 * Opens prompts in the midst of a script and of those that it includes: one at a time, whatever runs at the same time,
 * and for each failure where it happened only. Thread-safe.
 */
final class Debugging {
    static final Debugging NONE = new Debugging(null, false);

    private final ScriptDebugger opener;
    private final boolean onFailure;
    private ContainerException seen;

    /**
     * Creates one.
     *
     * @param opener null if there is nobody to open a prompt for
     */
    Debugging(ScriptDebugger opener, boolean onFailure) {
        this.opener = opener;
        this.onFailure = onFailure && opener != null;
    }

    boolean isPossible() {
        return opener != null;
    }

    boolean isOnFailure() {
        return onFailure;
    }

    /** Blocks until the user has looked about; returns the status with which the script is to end, if it is. */
    synchronized OptionalInt stop(InteractiveScript prompt, String why) {
        return opener.stopped(prompt, why);
    }

    /** Does so for a failure, unless the user has seen it where it happened. */
    synchronized void stop(InteractiveScript prompt, ContainerException failure) {
        if (failure != seen) {
            seen = failure;
            String what = failure instanceof ScriptFailure known ? known.marked() : failure.line();
            opener.stopped(prompt, what + System.lineSeparator() + "its containers live until Ctrl-D");
        }
    }
}
