package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the flags of a scheduling policy. */
public enum SchedulerFlag implements NamedConstant {
    RESET_ON_FORK(0x01),
    RECLAIM(0x02),
    DL_OVERRUN(0x04),
    KEEP_POLICY(0x08),
    KEEP_PARAMS(0x10),
    UTIL_CLAMP_MIN(0x20),
    UTIL_CLAMP_MAX(0x40);

    private final int flag;

    SchedulerFlag(int flag) {
        this.flag = flag;
    }

    @Override
    public String ociName() {
        return "SCHED_FLAG_" + name();
    }

    /** Returns its bit in the flags of {@code sched_setattr(2)}. */
    public int flag() {
        return flag;
    }
}
