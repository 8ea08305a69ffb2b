package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists how an argument of a system call can be compared. */
public enum SeccompOperator implements NamedConstant {
    NE,
    LT,
    LE,
    EQ,
    GE,
    GT,
    MASKED_EQ;

    @Override
    public String ociName() {
        return "SCMP_CMP_" + name();
    }
}
