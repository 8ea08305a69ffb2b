package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the architectures a filter can cover. */
public enum SeccompArch implements NamedConstant {
    X86,
    X86_64,
    X32,
    ARM,
    AARCH64,
    LOONGARCH64,
    M68K,
    MIPS,
    MIPS64,
    MIPS64N32,
    MIPSEL,
    MIPSEL64,
    MIPSEL64N32,
    PPC,
    PPC64,
    PPC64LE,
    S390,
    S390X,
    SH,
    SHEB,
    PARISC,
    PARISC64,
    RISCV64;

    @Override
    public String ociName() {
        return "SCMP_ARCH_" + name();
    }
}
