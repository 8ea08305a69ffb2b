package dev.gantry.cgroup;

import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Signal;
import java.util.List;
import java.util.Optional;

/**
 * How often the kernel has refused the processes of a cgroup what its limits do not allow.
 *
 * @param killed how many processes it has killed because memory ran out
 * @param refused how many it has not let begin because there were too many
 */
public record LimitHits(long killed, long refused) {
    /** As of a cgroup that is new. */
    public static final LimitHits NONE = new LimitHits(0, 0);

    private static final int KIB_BITS = 10;

    /** Returns the counts of now; zeros where nothing is counted. */
    public static LimitHits of(ControllerDirs dirs) {
        return new LimitHits(
                dirs.of("memory").map(dir -> OomKills.of(List.of(dir))).orElse(0L),
                dirs.of("pids")
                        .flatMap(dir -> ControlFile.entry(dir + "/pids.events", "max"))
                        .orElse(0L));
    }

    /**
     * Returns which limit was reached since these counts were taken, in words that follow the container's name; empty
     * if none is known.
     *
     * @param status by which a process ended meanwhile
     */
    public Optional<String> reached(ControllerDirs dirs, ExitStatus status) {
        LimitHits now = of(dirs);
        if (now.killed > killed) {
            return Optional.of(dirs.of("memory")
                    .flatMap(LimitHits::memory)
                    .map(limit -> "ran out of its %s of memory".formatted(size(limit)))
                    .orElse("lost a process because memory ran out on the machine"));
        }
        if (now.refused > refused) {
            return Optional.of(dirs.of("pids")
                    .flatMap(dir -> ControlFile.number(dir + "/pids.max"))
                    .filter(limit -> limit != ControlFile.UNLIMITED)
                    .map(limit -> "reached its limit of %d processes".formatted(limit))
                    .orElse("reached a limit of processes"));
        }
        return ofSignal(status.shell() - ExitStatus.SIGNALLED);
    }

    /** The limits of a process of which the kernel tells it by a signal. */
    private static Optional<String> ofSignal(int signal) {
        if (signal == Signal.XFSZ.number()) {
            return Optional.of("reached its limit of the size of a file");
        }
        return signal == Signal.XCPU.number() ? Optional.of("reached its limit of CPU time") : Optional.empty();
    }

    private static Optional<Long> memory(String dir) {
        Optional<Long> v1 = ControlFile.number(dir + "/memory.limit_in_bytes");
        return (v1.isPresent() ? v1 : ControlFile.number(dir + "/memory.max"))
                .filter(limit -> limit != ControlFile.UNLIMITED);
    }

    private static String size(long bytes) {
        long kib = bytes >> KIB_BITS;
        long mib = kib >> KIB_BITS;
        return mib << KIB_BITS << KIB_BITS == bytes ? mib + " MiB" : kib + " KiB";
    }
}
