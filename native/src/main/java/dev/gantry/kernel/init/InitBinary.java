package dev.gantry.kernel.init;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The program {@code gantry-init}, kept in memory that nobody can write to.
 *
 * <p>It is what {@code /proc/self/exe} names in a container until its program is executed, so a file would be one that a
 * container might reach and overwrite (CVE-2019-5736). One instance serves all containers of a process; thread-safe.
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
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        String resource = machine + "/gantry-init";
        try (InputStream in = InitBinary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new UnsupportedOperationException("no gantry-init for `%s` in this build".formatted(machine));
            }
            byte[] program = in.readAllBytes();
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(program.length).put(program).flip();
            return new InitBinary(kernel.sealedMemory("gantry-init", direct, true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
