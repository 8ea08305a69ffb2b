package dev.gantry.runtime;

import dev.gantry.cgroup.Hierarchies;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.Host;
import dev.gantry.plan.SecurityModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

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
            return new Host(Hierarchies.read(), uid, id("Gid:"), securityModules());
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.UNSUPPORTED, "read facts about this machine from `/proc`", e);
        }
    }

    private static Set<SecurityModule> securityModules() throws IOException {
        Set<SecurityModule> enabled = EnumSet.noneOf(SecurityModule.class);
        Path apparmor = Path.of("/sys/module/apparmor/parameters/enabled");
        if (Files.exists(apparmor) && Files.readString(apparmor).startsWith("Y")) {
            enabled.add(SecurityModule.APPARMOR);
        }
        if (Files.exists(Path.of("/sys/fs/selinux/enforce"))) {
            enabled.add(SecurityModule.SELINUX);
        }
        return enabled;
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
