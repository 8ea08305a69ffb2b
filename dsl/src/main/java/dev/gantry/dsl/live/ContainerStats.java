package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Called;
import dev.gantry.value.CgroupStats;
import java.util.Locale;

/**
 * What a container has used, in the shape that scripts read: {@code box.stats.memory.usage}.
 *
 * @param all everything the kernel tells
 */
@Called("statistics")
public record ContainerStats(Memory memory, Cpu cpu, Pids pids, CgroupStats all) {
    private static final double MIB = 1024 * 1024;
    private static final long NO_LIMIT = 1L << 60;

    /**
     * Memory, in bytes.
     *
     * @param max the most there ever was
     * @param limit {@link Long#MAX_VALUE} if there is none
     */
    public record Memory(long usage, long max, long limit) {}

    /** Processor time, in nanoseconds. */
    public record Cpu(long total, long user, long kernel) {}

    /**
     * Tasks.
     *
     * @param limit {@link Long#MAX_VALUE} if there is none
     */
    public record Pids(long current, long limit) {}

    /** Returns one line: {@code memory 1.5 MiB of 64 MiB, cpu 0.02 s, pids 1}. */
    @Override
    public String toString() {
        String cpuSeconds = String.format(Locale.ROOT, "%.2f", cpu.total / 1e9);
        return "memory %s%s, cpu %s s, pids %d%s"
                .formatted(
                        mebibytes(memory.usage),
                        isLimit(memory.limit) ? " of " + mebibytes(memory.limit) : "",
                        cpuSeconds,
                        pids.current,
                        isLimit(pids.limit) ? " of " + pids.limit : "");
    }

    /** Without a limit cgroup v1 says a number of this size. */
    private static boolean isLimit(long limit) {
        return limit < NO_LIMIT;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB).replace(".0 MiB", " MiB");
    }

    static ContainerStats of(CgroupStats stats) {
        CgroupStats.Use use = stats.memory().usage();
        return new ContainerStats(
                new Memory(use.usage(), use.max(), use.limit()),
                new Cpu(stats.cpu().total(), stats.cpu().user(), stats.cpu().kernel()),
                new Pids(stats.pids().current(), stats.pids().limit()),
                stats);
    }
}
