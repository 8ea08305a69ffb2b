package dev.gantry.oci;

import java.util.ArrayList;
import java.util.List;

/** Makes the configurations that {@code spec} writes, to be edited by people and programs. */
public final class OciDefaults {
    /** The version of the specification that Gantry implements. */
    public static final String OCI_VERSION = "1.3.0";

    /** What Docker and Podman leave to a container of a script or an image, by the names of {@link Capability}. */
    public static final List<String> ENGINE_CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SYS_CHROOT",
            "CAP_MKNOD",
            "CAP_AUDIT_WRITE",
            "CAP_SETFCAP");

    private static final List<String> CAPABILITIES = List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");

    private OciDefaults() {}

    /**
     * Returns a container that runs {@code sh} on a read-only {@code rootfs} in a terminal, with few capabilities and
     * namespaces of its own but for user, cgroup and time. As {@code runc} has it since 1.2, except for the hostname.
     */
    public static OciConfig spec() {
        return OciConfig.builder()
                .ociVersion(OCI_VERSION)
                .process(process())
                .root(new Root("rootfs", true))
                .hostname("gantry")
                .mounts(mounts())
                .linux(linux())
                .build();
    }

    /**
     * Returns {@link #spec()} for a user other than root: the user becomes root of a user namespace, the network and
     * the mounted {@code /sys} are the host's, and there are no limits.
     *
     * @param uid the user's id, 0 to 2^32-1
     * @param gid the id of the user's group, 0 to 2^32-1
     */
    public static OciConfig rootlessSpec(long uid, long gid) {
        OciConfig spec = spec();
        List<Namespace> namespaces = new ArrayList<>(spec.linux().namespaces());
        namespaces.removeIf(namespace -> namespace.type() == NamespaceType.NETWORK);
        namespaces.add(Namespace.of(NamespaceType.USER));
        Linux linux = spec.linux().toBuilder()
                .namespaces(namespaces)
                .uidMappings(List.of(new IdMapping(0L, uid, 1L)))
                .gidMappings(List.of(new IdMapping(0L, gid, 1L)))
                .resources(null)
                .build();
        return spec.toBuilder()
                .mounts(spec.mounts().stream().map(OciDefaults::rootless).toList())
                .linux(linux)
                .build();
    }

    /** Returns the configuration with a cgroup namespace added, as {@code spec} has it on a host with cgroup v2. */
    public static OciConfig withCgroupNamespace(OciConfig config) {
        List<Namespace> namespaces = new ArrayList<>(config.linux().namespaces());
        namespaces.add(Namespace.of(NamespaceType.CGROUP));
        Linux linux = config.linux().toBuilder().namespaces(namespaces).build();
        return config.toBuilder().linux(linux).build();
    }

    private static Process process() {
        return Process.builder()
                .terminal(true)
                .user(User.builder().uid(0L).gid(0L).build())
                .args(List.of("sh"))
                .env(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"))
                .cwd("/")
                .capabilities(Capabilities.builder()
                        .bounding(CAPABILITIES)
                        .effective(CAPABILITIES)
                        .permitted(CAPABILITIES)
                        .build())
                .rlimits(List.of(new Rlimit("RLIMIT_NOFILE", 1024L, 1024L)))
                .noNewPrivileges(true)
                .build();
    }

    private static List<Mount> mounts() {
        return List.of(
                mount("/proc", "proc", "proc"),
                mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                mount(
                        "/dev/pts",
                        "devpts",
                        "devpts",
                        "nosuid",
                        "noexec",
                        "newinstance",
                        "ptmxmode=0666",
                        "mode=0620",
                        "gid=5"),
                mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
                mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"));
    }

    /** Group 5 is not mapped, and sysfs can be mounted only by the owner of the network namespace. */
    private static Mount rootless(Mount mount) {
        return switch (mount.destination()) {
            case "/sys" -> mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
            case "/dev/pts" ->
                mount.toBuilder()
                        .options(mount.options().stream()
                                .filter(option -> !option.equals("gid=5"))
                                .toList())
                        .build();
            default -> mount;
        };
    }

    private static Mount mount(String destination, String type, String source, String... options) {
        return Mount.builder()
                .destination(destination)
                .type(type)
                .source(source)
                .options(List.of(options))
                .build();
    }

    private static Linux linux() {
        DeviceRule denyAll = new DeviceRule(false, null, null, null, "rwm");
        return Linux.builder()
                .resources(Resources.builder().devices(List.of(denyAll)).build())
                .namespaces(List.of(
                        Namespace.of(NamespaceType.PID),
                        Namespace.of(NamespaceType.NETWORK),
                        Namespace.of(NamespaceType.IPC),
                        Namespace.of(NamespaceType.UTS),
                        Namespace.of(NamespaceType.MOUNT)))
                .maskedPaths(List.of(
                        "/proc/acpi",
                        "/proc/asound",
                        "/proc/kcore",
                        "/proc/keys",
                        "/proc/latency_stats",
                        "/proc/timer_list",
                        "/proc/timer_stats",
                        "/proc/sched_debug",
                        "/sys/firmware",
                        "/proc/scsi"))
                .readonlyPaths(List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"))
                .build();
    }
}
