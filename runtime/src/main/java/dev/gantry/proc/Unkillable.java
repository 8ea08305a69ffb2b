package dev.gantry.proc;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Processes that were killed and do not end: such as one that waits for a file system that does not answer. */
public final class Unkillable {
    /** How long a process that was killed may take to end before nobody waits for it any more. */
    static final int END_MILLIS = 10_000;

    private static final String WAITS = "disk sleep";

    private Unkillable() {}

    /** Waits for the end of a process that was killed; returns whether it has come in time. */
    public static boolean hasEnded(Kernel kernel, Fd pidfd) {
        return kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, END_MILLIS)[0] != 0;
    }

    /**
     * Reaps on a thread of its own, which waits as long as it takes: as a dead child the process would be in the way.
     */
    public static void leave(Runnable reaping) {
        Thread reaper = new Thread(reaping, "gantry-reaper");
        reaper.setDaemon(true);
        reaper.start();
    }

    /** Returns which of the processes it is that cannot be killed, and why; empty if none is in such a state. */
    public static Optional<String> hint(Collection<Integer> pids) {
        return pids.stream()
                .flatMap(pid -> ProcessStatus.of(pid).stream())
                .filter(process -> process.state().equals(WAITS))
                .findFirst()
                .map(process ->
                        ("process %d (`%s`) waits in the kernel, where it cannot be killed, for a file system or a"
                                        + " device that does not answer")
                                .formatted(process.pid(), process.command()));
    }
}
