package dev.gantry.oci;

import java.util.List;

/**
 * Sets the scheduling of a process, see {@code sched_setattr(2)}.
 *
 * @param nice -20 to 19
 * @param priority 1 to 99, for {@code FIFO} and {@code RR}
 * @param runtime nanoseconds, for {@code DEADLINE}
 * @param deadline nanoseconds, for {@code DEADLINE}
 * @param period nanoseconds, for {@code DEADLINE}
 */
public record Scheduler(
        SchedulerPolicy policy,
        Integer nice,
        Integer priority,
        List<SchedulerFlag> flags,
        Long runtime,
        Long deadline,
        Long period) {
    public Scheduler {
        flags = Copies.list(flags);
    }
}
