package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the scheduling policies. */
public enum SchedulerPolicy implements NamedConstant {
    OTHER(0),
    FIFO(1),
    RR(2),
    BATCH(3),
    ISO(4),
    IDLE(5),
    DEADLINE(6);

    private final int number;

    SchedulerPolicy(int number) {
        this.number = number;
    }

    @Override
    public String ociName() {
        return "SCHED_" + name();
    }

    /** Returns its number in {@code sched_setattr(2)}. */
    public int number() {
        return number;
    }
}
