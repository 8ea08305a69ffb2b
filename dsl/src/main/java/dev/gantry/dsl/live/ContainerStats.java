package dev.gantry.dsl.live;

import dev.gantry.cgroup.CgroupStats;

/**
 * What a container has used, in the shape that scripts read: {@code box.stats.memory.usage}.
 *
 * @param all everything the kernel tells
 */
public record ContainerStats(Memory memory, Cpu cpu, Pids pids, CgroupStats all) {
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

    static ContainerStats of(CgroupStats stats) {
        CgroupStats.Use use = stats.memory().usage();
        return new ContainerStats(
                new Memory(use.usage(), use.max(), use.limit()),
                new Cpu(stats.cpu().total(), stats.cpu().user(), stats.cpu().kernel()),
                new Pids(stats.pids().current(), stats.pids().limit()),
                stats);
    }
}
