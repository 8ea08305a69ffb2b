package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the flags of a NUMA policy. */
public enum MemoryPolicyFlag implements NamedConstant {
    NUMA_BALANCING(0x2000),
    RELATIVE_NODES(0x4000),
    STATIC_NODES(0x8000);

    private final int flag;

    MemoryPolicyFlag(int flag) {
        this.flag = flag;
    }

    @Override
    public String ociName() {
        return "MPOL_F_" + name();
    }

    /** Returns its bit in the mode of {@code set_mempolicy(2)}. */
    public int flag() {
        return flag;
    }
}
