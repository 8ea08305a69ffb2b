package dev.gantry.runtime;

import dev.gantry.cgroup.Hierarchies;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the facts about this machine; needs no privileges and no native code. */
public final class HostFacts {
    private HostFacts() {}

    /**
     * Returns the facts as they are now.
     *
     * @throws ContainerException if {@code /proc} does not tell them
     */
    public static Host read() {
        try {
            long uid = id("Uid:");
            return new Host(Hierarchies.read(), uid, id("Gid:"));
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.UNSUPPORTED, "read facts about this machine from `/proc`", e);
        }
    }

    /** The effective id, the second of the four in {@code /proc/self/status}. */
    private static long id(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[2]))
                .findFirst()
                .orElseThrow(() -> new IOException("no `%s`".formatted(field)));
    }
}
