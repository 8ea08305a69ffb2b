package dev.gantry.host;

import dev.gantry.cgroup.Hierarchies;
import dev.gantry.error.ContainerException;
import dev.gantry.files.IoReason;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Host;
import dev.gantry.plan.HostEntry;
import dev.gantry.plan.SecurityModule;
import dev.gantry.proc.MountInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads the facts about this machine; needs no privileges and no native code. */
public final class HostFacts {
    private HostFacts() {}

    /**
     * Returns the facts as they are now, without what is at the top.
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
                    List.of(),
                    securityModules());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Returns the facts that a config's plan depends on; asks the kernel, through native code, only for those. */
    public static Host readFor(OciConfig config) {
        Host host = withViewFor(config, read());
        return config.annotations().containsKey(GantryAnnotations.LANDLOCK)
                ? host.withLandlock(LinuxKernel.load().landlockVersion())
                : host;
    }

    /** Returns the host with what is at the top now, if a config's plan depends on that. */
    public static Host withViewFor(OciConfig config, Host host) {
        boolean isInUserNamespace = !host.isRoot()
                || config.linux() != null
                        && config.linux().namespace(NamespaceType.USER).isPresent();
        if (!isInUserNamespace || !GantryAnnotations.isViewOfHost(config)) {
            return host;
        }
        try {
            return host.withTop(top(host.uid()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Returns the effective user of this process. */
    public static int effectiveUid() {
        try {
            return (int) id("Uid:");
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static ContainerException unreadable(IOException cause) {
        return IoReason.failure("read facts about this machine from `/proc`", cause);
    }

    private static List<HostEntry> top(long uid) throws IOException {
        return new HostTree(Path.of("/"), MountInfo.of("self"), uid == 0 && hasAllIds()).read();
    }

    /** In a user namespace other than the first one, mounts of the one above are locked, for root too. */
    private static boolean hasAllIds() throws IOException {
        return Files.readString(Path.of("/proc/self/uid_map")).strip().matches("0\\s+0\\s+4294967295");
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
