package dev.gantry.kernel.init;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;

/**
 * The program {@code gantry-init}, kept in memory that nobody can write to.
 *
 * <p>It is what {@code /proc/self/exe} names in a container until its program is executed, so a file would be one that
 * a container might reach and overwrite (CVE-2019-5736). One instance serves all containers of a process; thread-safe.
 */
public final class InitBinary implements AutoCloseable {
    private final Fd memory;

    private InitBinary(Fd memory) {
        this.memory = memory;
    }

    /**
     * Loads the program for this machine from the jar.
     *
     * @throws UnsupportedOperationException if the jar has none for this machine
     */
    public static InitBinary load(Kernel kernel) {
        return new InitBinary(Compiled.load(kernel, "gantry-init"));
    }

    /** Returns the path under which this process can execute it. */
    String path() {
        return "/proc/self/fd/" + memory.number();
    }

    @Override
    public void close() {
        memory.close();
    }
}
