package dev.gantry.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which process a container belongs to. It is kept beside the container's state as long as that process does not give
 * the container up.
 *
 * @param pid as the process sees itself
 * @param start when it started, in clock ticks since boot, to tell it from a later one of the same pid
 * @param pidNamespace in which the pid counts
 */
record Lease(int pid, long start, String pidNamespace) {
    static final String FILE = "lease";

    /** Returns the lease of this process. */
    static Lease own() {
        int pid = (int) ProcessHandle.current().pid();
        return new Lease(pid, ProcessTable.startTime(pid).orElse(0), namespace());
    }

    /** Reads a lease; empty if there is none, or none that this Gantry understands, which is then left alone. */
    static Optional<Lease> read(Path file) {
        try {
            String[] fields = Files.readString(file).strip().split(" ");
            return Optional.of(new Lease(Integer.parseInt(fields[0]), Long.parseLong(fields[1]), fields[2]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    String text() {
        return "%d %d %s\n".formatted(pid, start, pidNamespace);
    }

    /** Answers whether the process is certainly gone: one in another pid namespace is out of sight. */
    boolean isOver() {
        OptionalLong now = ProcessTable.startTime(pid);
        return pidNamespace.equals(namespace()) && (now.isEmpty() || now.getAsLong() != start);
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
