package dev.gantry.proc;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A process of a container and everything it has started. */
public final class ProcessTree {
    private ProcessTree() {}

    /**
     * Kills a child of this process and its descendants, but for those that have made themselves daemons.
     *
     * <p>Each is stopped before its children are listed: it starts no more of them and reaps none, so that a listed pid
     * cannot come to mean another process.
     *
     * @param pid of a process that has not been reaped
     */
    public static void kill(Kernel kernel, int pid) {
        List<Integer> stopped = new ArrayList<>();
        Deque<Integer> next = new ArrayDeque<>(List.of(pid));
        while (!next.isEmpty()) {
            int process = next.pop();
            signal(kernel, process, Signal.STOP);
            stopped.add(process);
            ProcessHandle.of(process)
                    .ifPresent(handle -> handle.children().forEach(child -> next.push((int) child.pid())));
        }
        stopped.forEach(process -> signal(kernel, process, Signal.KILL));
    }

    private static void signal(Kernel kernel, int pid, Signal signal) {
        try {
            kernel.kill(pid, signal);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }
}
