package dev.gantry.value;

import java.util.List;

/**
 * How a process is added to a container, as far as the process itself does not say it.
 *
 * @param cgroups in which cgroups below the container's own it is to be: {@code [CONTROLLER[,CONTROLLER]:]PATH}, a path
 *     without controllers for all hierarchies
 * @param whilePaused whether it may be added to a paused container, and then waits for that to be resumed
 * @param relaysTerminal whether this process passes on what a terminal of the process's shows, and does not hand it
 *     over
 */
public record ExecOptions(List<String> cgroups, boolean whilePaused, boolean relaysTerminal) {
    /** The default. */
    public static final ExecOptions DEFAULT = new ExecOptions(List.of(), false, true);

    public ExecOptions {
        cgroups = List.copyOf(cgroups);
    }

    /** Returns the same for a process in these cgroups. */
    public ExecOptions inCgroups(List<String> others) {
        return new ExecOptions(others, whilePaused, relaysTerminal);
    }

    /** Returns the same for a container that may be paused. */
    public ExecOptions allowingPaused() {
        return new ExecOptions(cgroups, true, relaysTerminal);
    }

    /** Returns the same for a process whose terminal, if it has one, somebody else gets. */
    public ExecOptions handingTerminalOver() {
        return new ExecOptions(cgroups, whilePaused, false);
    }
}
