package dev.gantry.plan;

import static dev.gantry.oci.NamespaceType.CGROUP;
import static dev.gantry.oci.NamespaceType.MOUNT;
import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.RootfsPropagation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plans the container's root: what it is made of, what is mounted in it, and how it becomes the process's root. */
final class RootPlan {
    private static final List<Device> DEFAULT_DEVICES = List.of(
            character("/dev/null", 1, 3),
            character("/dev/zero", 1, 5),
            character("/dev/full", 1, 7),
            character("/dev/random", 1, 8),
            character("/dev/urandom", 1, 9),
            character("/dev/tty", 5, 0));

    private static final Map<String, String> DEFAULT_LINKS = Map.of(
            "/dev/fd", "/proc/self/fd",
            "/dev/stdin", "/proc/self/fd/0",
            "/dev/stdout", "/proc/self/fd/1",
            "/dev/stderr", "/proc/self/fd/2",
            "/dev/core", "/proc/kcore",
            "/dev/ptmx", "pts/ptmx");

    /** File systems whose read-only state belongs to the mount: the super block may be shared with the host's. */
    private static final Set<String> WITHOUT_READONLY_SUPER_BLOCK =
            Set.of("tmpfs", "proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts", "overlay");

    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;
    private final Host host;
    private final CgroupPlan cgroups;

    /** Origins by target, in the order of the mounts. */
    private final Map<String, String> readonlyAtTheEnd = new LinkedHashMap<>();

    RootPlan(OciConfig config, LaunchOptions options, NamespacePlan namespaces, Host host, CgroupPlan cgroups) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
        this.host = host;
        this.cgroups = cgroups;
    }

    void build(Steps steps) {
        if (!namespaces.creates(MOUNT)) {
            steps.add(
                    "root.path",
                    new MountStep.OpenRoot(options.resolve(config.root().path()), false));
            return;
        }
        steps.add(
                config.linux().rootfsPropagation() == null ? Steps.DEFAULT : "linux.rootfsPropagation",
                new MountStep.SetPropagation(
                        propagation() == Propagation.UNCHANGED ? Propagation.RSLAVE : propagation()));
        source(steps);
        mounts(steps);
        devices(steps);
    }

    void enter(Steps steps) {
        if (!namespaces.creates(MOUNT)) {
            steps.add("root.path", new MountStep.ChangeRoot());
            return;
        }
        steps.add("root.path", new MountStep.PivotRoot());
        if (propagation() != Propagation.UNCHANGED) {
            steps.add("linux.rootfsPropagation", new MountStep.SetRootPropagation(propagation()));
        }
    }

    void finish(Steps steps) {
        String cwd = config.process() == null ? null : config.process().cwd();
        if (cwd != null && namespaces.creates(MOUNT)) {
            steps.add("process.cwd", new MountStep.MakeDirectory(cwd, 0755));
        }
        if (config.hostname() != null && !config.hostname().isEmpty()) {
            steps.add("hostname", new ProcessStep.SetHostname(config.hostname()));
        }
        if (config.domainname() != null && !config.domainname().isEmpty()) {
            steps.add("domainname", new ProcessStep.SetDomainname(config.domainname()));
        }
        if (!namespaces.creates(MOUNT)) {
            return;
        }
        readonlyAtTheEnd.forEach((target, origin) -> steps.add(origin, new MountStep.MakeReadonly(target)));
        if (config.root().isReadonly()) {
            steps.add("root.readonly", new MountStep.MakeReadonly("/"));
        }
        List<String> readonly = config.linux().readonlyPaths();
        for (int i = 0; i < readonly.size(); i++) {
            steps.add("linux.readonlyPaths[%d]".formatted(i), new MountStep.ReadonlyPath(readonly.get(i)));
        }
        List<String> masked = config.linux().maskedPaths();
        for (int i = 0; i < masked.size(); i++) {
            steps.add("linux.maskedPaths[%d]".formatted(i), new MountStep.MaskPath(masked.get(i)));
        }
    }

    private Propagation propagation() {
        RootfsPropagation wanted = config.linux().rootfsPropagation();
        return wanted == null ? Propagation.UNCHANGED : Propagation.valueOf(wanted.name());
    }

    /** What the container writes to a root that is no directory goes to memory and vanishes with its namespace. */
    private void source(Steps steps) {
        String kind = config.annotations().get(GantryAnnotations.ROOTFS);
        if (kind == null) {
            steps.add(
                    "root.path",
                    new MountStep.OpenRoot(options.resolve(config.root().path()), true));
            return;
        }
        String origin = "root.path";
        String scratch = options.scratch();
        steps.add(origin, new MountStep.MountOnHost("tmpfs", "gantry", scratch, List.of("mode=755")));
        if (kind.equals(GantryAnnotations.HOST)) {
            for (String dir : List.of("/upper", "/work", "/root")) {
                steps.add(origin, new MountStep.MakeHostDirectory(scratch + dir));
            }
            List<String> layers = new ArrayList<>(
                    List.of("lowerdir=/", "upperdir=" + scratch + "/upper", "workdir=" + scratch + "/work"));
            if (namespaces.has(USER)) {
                layers.add("userxattr"); // trusted.* attributes are beyond the root of a user namespace
            }
            steps.add(origin, new MountStep.MountOnHost("overlay", "gantry", scratch + "/root", layers));
            steps.add(origin, new MountStep.OpenRoot(scratch + "/root", true));
        } else {
            steps.add(origin, new MountStep.OpenRoot(scratch, true));
        }
    }

    private void mounts(Steps steps) {
        List<Mount> mounts = config.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            mount(steps, "mounts[%d]".formatted(i), mounts.get(i));
        }
    }

    private void mount(Steps steps, String origin, Mount mount) {
        MountOptions parsed = MountOptions.parse(mount.options());
        String target = Paths.clean(mount.destination()); // `/proc/` is `/proc`, where a symlink is refused
        String type = mount.type() == null ? "none" : mount.type();
        if (parsed.bind() || type.equals("bind")) {
            steps.add(origin, new MountStep.BindMount(options.resolve(mount.source()), target, parsed));
        } else if (type.equals("cgroup") || type.equals("cgroup2")) {
            cgroupMount(steps, origin, target, parsed);
        } else {
            boolean later = parsed.isReadonly() && type.equals("tmpfs"); // others may yet be mounted in it
            if (later) {
                readonlyAtTheEnd.put(target, origin);
            }
            MountOptions now = later ? parsed.writable() : superBlockToo(type, parsed);
            steps.add(origin, new MountStep.Mount(type, sourceOf(mount, type), target, now));
        }
    }

    private static String sourceOf(Mount mount, String type) {
        return mount.source() == null || mount.source().isEmpty() ? type : mount.source();
    }

    private static MountOptions superBlockToo(String type, MountOptions parsed) {
        if (!parsed.isReadonly() || WITHOUT_READONLY_SUPER_BLOCK.contains(type)) {
            return parsed;
        }
        List<String> data = new ArrayList<>(parsed.data());
        data.add("ro");
        return new MountOptions(
                parsed.set(),
                parsed.clear(),
                parsed.recursiveSet(),
                parsed.recursiveClear(),
                parsed.propagation(),
                parsed.bind(),
                parsed.recursiveBind(),
                parsed.copyUp(),
                data);
    }

    /** What lies at /sys/fs/cgroup on the host: one file system for v2, a tmpfs with one directory a hierarchy for v1. */
    private void cgroupMount(Steps steps, String origin, String target, MountOptions parsed) {
        if (host.isPurelyUnified()) {
            hierarchyMount(steps, origin, host.cgroups().get(0), target, parsed);
            return;
        }
        MountOptions tmpfs = MountOptions.parse(List.of("nosuid", "noexec", "nodev", "mode=755"));
        steps.add(origin, new MountStep.Mount("tmpfs", "tmpfs", target, tmpfs));
        for (CgroupHierarchy hierarchy : host.cgroups()) {
            hierarchyMount(steps, origin, hierarchy, target + "/" + hierarchy.name(), parsed);
        }
        for (CgroupHierarchy hierarchy : host.cgroups()) {
            if (hierarchy.controllers().size() > 1 && !hierarchy.unified()) {
                hierarchy
                        .controllers()
                        .forEach(c -> steps.add(origin, new MountStep.Symlink(hierarchy.name(), target + "/" + c)));
            }
        }
        if (parsed.isReadonly()) {
            readonlyAtTheEnd.put(target, origin);
        }
    }

    private void hierarchyMount(
            Steps steps, String origin, CgroupHierarchy hierarchy, String target, MountOptions parsed) {
        List<String> flags = new ArrayList<>(List.of("nosuid", "noexec", "nodev"));
        if (parsed.isReadonly()) {
            flags.add("ro");
        }
        if (!namespaces.creates(CGROUP)) {
            String own = cgroups.dir(hierarchy);
            String source = own == null ? hierarchy.mountPoint() : own;
            steps.add(origin, new MountStep.BindMount(source, target, MountOptions.parse(flags)));
            return;
        }
        if (!hierarchy.unified()) {
            for (String controller : hierarchy.controllers()) {
                if (controller.startsWith("name=")) {
                    flags.add("none");
                }
                flags.add(controller);
            }
        }
        String type = hierarchy.unified() ? "cgroup2" : "cgroup";
        steps.add(origin, new MountStep.Mount(type, "cgroup", target, MountOptions.parse(flags)));
    }

    private void devices(Steps steps) {
        if (config.mounts().stream().anyMatch(RootPlan::bindsDev)) {
            return;
        }
        List<Device> own = config.linux().devices();
        DEFAULT_DEVICES.stream()
                .filter(device -> own.stream().noneMatch(o -> o.path().equals(device.path())))
                .forEach(device -> device(steps, Steps.DEFAULT, device));
        for (int i = 0; i < own.size(); i++) {
            device(steps, "linux.devices[%d]".formatted(i), own.get(i));
        }
        DEFAULT_LINKS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(link -> steps.add(Steps.DEFAULT, new MountStep.Symlink(link.getValue(), link.getKey())));
    }

    private static boolean bindsDev(Mount mount) {
        boolean bind = "bind".equals(mount.type())
                || MountOptions.parse(mount.options()).bind();
        return bind && Paths.clean(mount.destination()).equals("/dev");
    }

    /** Only the initial user namespace may make device nodes; elsewhere the host's are bound. */
    private void device(Steps steps, String origin, Device device) {
        if (namespaces.has(USER) && device.type() != DeviceType.FIFO) {
            steps.add(origin, new MountStep.BindMount(device.path(), device.path(), MountOptions.ofData()));
        } else {
            steps.add(origin, new MountStep.Mknod(device));
        }
    }

    private static Device character(String path, long major, long minor) {
        return new Device(DeviceType.CHARACTER, path, major, minor, 0666L, 0L, 0L);
    }
}
