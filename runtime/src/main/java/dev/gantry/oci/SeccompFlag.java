package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the flags a filter can be loaded with. */
public enum SeccompFlag implements NamedConstant {
    TSYNC(0x01),
    LOG(0x02),
    SPEC_ALLOW(0x04),
    WAIT_KILLABLE_RECV(0x20);

    private final int flag;

    SeccompFlag(int flag) {
        this.flag = flag;
    }

    @Override
    public String ociName() {
        return "SECCOMP_FILTER_FLAG_" + name();
    }

    /** Returns its bit in the flags of {@code seccomp(2)}. */
    public int flag() {
        return flag;
    }
}
