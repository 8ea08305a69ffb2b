package dev.gantry.kernel.init;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** What the build compiled from C, kept in the jar for each machine. */
public final class Compiled {
    private Compiled() {}

    /**
     * Loads what is there for this machine into memory that nobody can write to; the caller closes it.
     *
     * @throws UnsupportedOperationException if the jar has none for this machine
     */
    public static Fd load(Kernel kernel, String name) {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        try (InputStream in = Compiled.class.getResourceAsStream(machine + "/" + name)) {
            if (in == null) {
                throw new UnsupportedOperationException("no %s for `%s` in this build".formatted(name, machine));
            }
            byte[] content = in.readAllBytes();
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(content.length).put(content).flip();
            return kernel.sealedMemory(name, direct, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
