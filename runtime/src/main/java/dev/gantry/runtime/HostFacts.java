package dev.gantry.runtime;

import dev.gantry.cgroup.Hierarchies;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.Host;
import dev.gantry.plan.SecurityModule;
import dev.gantry.plan.TopDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
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
            long gid = id("Gid:");
            return new Host(
                    Hierarchies.read(),
                    uid,
                    gid,
                    OwnIds.map("uid", uid, uid),
                    OwnIds.map("gid", gid, uid),
                    topDirectories(),
                    securityModules());
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.UNSUPPORTED, "read facts about this machine from `/proc`", e);
        }
    }

    private static List<TopDirectory> topDirectories() throws IOException {
        List<String> points = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[4])
                .toList();
        List<TopDirectory> top = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/"))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (Files.isSymbolicLink(entry)) {
                    top.add(new TopDirectory(name, Files.readSymbolicLink(entry).toString(), false));
                } else if (Files.isDirectory(entry)) {
                    boolean hasMounts = points.stream().anyMatch(point -> point.startsWith(entry + "/"));
                    top.add(new TopDirectory(name, null, hasMounts));
                }
            }
        }
        top.sort(Comparator.comparing(TopDirectory::name));
        return top;
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
