package dev.gantry.kernel;

/**
 * The machine that this JVM runs on, as far as numbers of the kernel depend on it. Most do not: they are
 * {@code asm-generic}, and the same everywhere.
 */
public final class Machine {
    /** Whether it is x86-64, which has system call numbers of its own. */
    public static final boolean IS_X86 = is("amd64");

    /** Whether it is arm64, which has flags of open(2) of its own, those of 32-bit ARM. */
    public static final boolean IS_ARM = is("aarch64");

    private Machine() {}

    private static boolean is(String name) {
        return System.getProperty("os.arch").equals(name);
    }
}
