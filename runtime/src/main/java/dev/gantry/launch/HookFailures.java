package dev.gantry.launch;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.HookPoint;
import dev.gantry.plan.Origin;
import dev.gantry.value.HookFailure;
import dev.gantry.wire.Report;
import java.util.Map;

/** Says what went wrong with hooks. */
final class HookFailures {
    /** Where the C library of most programs has words of its own, and engines expect them. */
    private static final Map<Integer, String> DEATHS = Map.of(
            Signal.KILL.number(), "killed",
            Signal.TERM.number(), "terminated",
            Signal.SYS.number(), "bad system call",
            Signal.SEGV.number(), "segmentation fault",
            Signal.ABRT.number(), "aborted");

    private static final int CORE_DUMPED = 0x80;

    private HookFailures() {}

    /**
     * Creates the error.
     *
     * @param operation {@code create `web`}
     * @param index of the hook in the list of its point
     * @param why what went wrong with it
     * @param cause may be null
     */
    static HookFailure of(String operation, HookPoint point, int index, String why, Origin origin, Throwable cause) {
        return new HookFailure(
                operation, "error running %s hook #%d: %s [%s]".formatted(point.ociName(), index, why, origin), cause);
    }

    /** Says what went wrong with a hook that {@code gantry-init} ran: that it failed, or could not be run at all. */
    static String why(Report report) {
        String said = report.text().strip().replace('\n', ' ');
        if (report.error() != 0) {
            return "%s: %s".formatted(said, Errno.of(report.error()).describe());
        }
        String end = end((int) report.value());
        return said.isEmpty() ? end : "%s: %s".formatted(end, said);
    }

    /** In the words of Go, whose programs the callers of OCI runtimes mostly are. */
    private static String end(int waitStatus) {
        if (waitStatus < 0) {
            return "ran out of time";
        }
        int signal = waitStatus & ~CORE_DUMPED & 0xff;
        if (signal == 0) {
            return "exit status " + (waitStatus >> 8);
        }
        return "signal: " + DEATHS.getOrDefault(signal, "signal " + signal);
    }
}
