package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the modes of a NUMA policy. */
public enum MemoryPolicyMode implements NamedConstant {
    DEFAULT(0),
    PREFERRED(1),
    BIND(2),
    INTERLEAVE(3),
    LOCAL(4),
    PREFERRED_MANY(5),
    WEIGHTED_INTERLEAVE(6);

    private final int number;

    MemoryPolicyMode(int number) {
        this.number = number;
    }

    @Override
    public String ociName() {
        return "MPOL_" + name();
    }

    /** Returns its number in {@code set_mempolicy(2)}. */
    public int number() {
        return number;
    }
}
