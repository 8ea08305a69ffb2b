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
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

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

    /** Where what runs on the host is found: sockets, locks, and the state of containers. A view of it is empty there. */
    private static final String RUN = "/run";

    private static final Set<String> LABELLED_BY_THE_KERNEL = Set.of("proc", "sysfs", "mqueue", "cgroup", "cgroup2");

    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;
    private final Host host;
    private final CgroupPlan cgroups;
    private final MountSources sources;
    private final boolean hasMounts;

    /** Indices of the directories of the host that were opened without what is mounted in them. */
    private final Map<String, Integer> withoutMounts = new LinkedHashMap<>();

    /** Origins by target, in the order of the mounts. */
    private final Map<String, String> readonlyAtTheEnd = new LinkedHashMap<>();

    RootPlan(OciConfig config, LaunchOptions options, NamespacePlan namespaces, Host host, CgroupPlan cgroups) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
        this.host = host;
        this.cgroups = cgroups;
        this.sources = new MountSources(config, options, namespaces, host, !isShared());
        this.hasMounts = namespaces.has(MOUNT);
    }

    /** Stage one: what of the host is out of reach later. */
    void openSources(Steps steps) {
        sources.open(steps);
        if (hasMounts && isViewOfHost() && namespaces.has(USER)) {
            openLayers(steps, host.top(), entry -> entry.kind() == HostEntry.Kind.WITHOUT_MOUNTS);
            if (sources.needStage()) { // its mount would lie in one of the layers, by whatever path
                openLayers(steps, host.top(), entry -> entry.kind() == HostEntry.Kind.LAYER);
            }
        }
        sources.stage(steps);
        if (hasMounts && makesDevices()) {
            sources.openNodes(steps);
        }
    }

    private void openLayers(Steps steps, List<HostEntry> entries, Predicate<HostEntry> wanted) {
        for (HostEntry entry : entries) {
            if (wanted.test(entry)) {
                sources.openWithoutMounts(steps, entry.path())
                        .ifPresent(index -> withoutMounts.put(entry.path(), index));
            }
            openLayers(steps, entry.inside(), wanted);
        }
    }

    /** Stage one, where it is still root of the host and in all namespaces that it joins. */
    void openFilesystems(Steps steps) {
        sources.openFilesystems(steps);
    }

    void build(Steps steps) {
        if (!hasMounts) {
            steps.add("root.path", openRoot(options.resolve(config.root().path()), false));
            return;
        }
        if (namespaces.creates(MOUNT)) { // one that is joined stays as it is
            steps.add(
                    propagation() == Propagation.UNCHANGED ? Steps.DEFAULT : "linux.rootfsPropagation",
                    new MountStep.SetPropagation(propagation().whileTheRootIsBuilt()));
        }
        source(steps);
        mounts(steps);
        devices(steps);
    }

    void enter(Steps steps) {
        if (!hasMounts) {
            steps.add("root.path", new MountStep.ChangeRoot());
            return;
        }
        steps.add("root.path", options.pivot() ? new MountStep.PivotRoot() : new MountStep.MoveRoot());
        if (propagation() != Propagation.UNCHANGED) {
            steps.add("linux.rootfsPropagation", new MountStep.SetRootPropagation(propagation()));
        }
    }

    void finish(Steps steps) {
        String cwd = config.process() == null ? null : config.process().cwd();
        if (cwd != null && hasMounts) {
            steps.add("process.cwd", new MountStep.MakeDirectory(cwd, 0755));
        }
        if (config.hostname() != null && !config.hostname().isEmpty()) {
            steps.add("hostname", new ProcessStep.SetHostname(config.hostname()));
        }
        if (config.domainname() != null && !config.domainname().isEmpty()) {
            steps.add("domainname", new ProcessStep.SetDomainname(config.domainname()));
        }
        if (hasMounts) {
            cover(steps);
        }
        steps.add(Steps.DEFAULT, new MountStep.CloseRoot());
    }

    private void cover(Steps steps) {
        String stateRoot = Paths.clean(options.scratch() + "/../..");
        if (isViewOfHost() && !stateRoot.startsWith(RUN + "/")) {
            steps.add("root.path", new MountStep.MaskPath(stateRoot)); // what Gantry knows of all containers
        }
        readonlyAtTheEnd.forEach((target, origin) -> steps.add(origin, new MountStep.MakeReadonly(target)));
        if (config.root().isReadonly()) {
            steps.add("root.readonly", new MountStep.MakeReadonly("/"));
            if (isViewOfHost() && namespaces.has(USER)) {
                layersReadonly(steps, host.top());
            }
        }
        List<String> readonly = config.linux().readonlyPaths();
        for (int i = 0; i < readonly.size(); i++) {
            steps.add("linux.readonlyPaths[" + i + "]", new MountStep.ReadonlyPath(readonly.get(i)));
        }
        List<String> masked = config.linux().maskedPaths();
        for (int i = 0; i < masked.size(); i++) {
            steps.add("linux.maskedPaths[" + i + "]", new MountStep.MaskPath(masked.get(i)));
        }
    }

    /**
     * Where mounts may travel out of the container, the mount in which the root lies is cut off first, or those that
     * build the root would travel too; and in a mount namespace that is joined it cannot be entered otherwise.
     */
    private MountStep.OpenRoot openRoot(String path, boolean bind) {
        boolean apart = hasMounts && (isShared() || namespaces.joins(MOUNT));
        return new MountStep.OpenRoot(path, bind, apart, OptionalInt.empty());
    }

    private boolean isShared() {
        return propagation() == Propagation.SHARED || propagation() == Propagation.RSHARED;
    }

    private Propagation propagation() {
        RootfsPropagation wanted =
                config.linux() == null ? null : config.linux().rootfsPropagation();
        return wanted == null ? Propagation.UNCHANGED : Propagation.valueOf(wanted.name());
    }

    /** What the container writes to a root that is no directory goes to memory and vanishes with its namespace. */
    private void source(Steps steps) {
        String kind = config.annotations().get(GantryAnnotations.ROOTFS);
        if (kind == null) {
            MountStep.OpenRoot open = openRoot(options.resolve(config.root().path()), true);
            steps.add("root.path", new MountStep.OpenRoot(open.path(), true, open.apart(), sources.root()));
            return;
        }
        String origin = "root.path";
        String scratch = options.scratch();
        steps.add(origin, new MountStep.MountOnHost("tmpfs", "gantry", scratch, List.of("mode=755")));
        if (!kind.equals(GantryAnnotations.HOST)) {
            steps.add(origin, openRoot(scratch, true));
            return;
        }
        for (String dir : List.of("/upper", "/work", "/root")) {
            steps.add(origin, MountStep.MakeHostDirectory.of(scratch + dir));
        }
        if (!namespaces.has(USER)) {
            steps.add(origin, MountStep.MakeHostDirectory.opaque(scratch + "/upper" + RUN));
            overlay(steps, "/", scratch, "");
        } else {
            view(steps, host.top(), scratch);
        }
        steps.add(origin, openRoot(scratch + "/root", true));
        if (namespaces.has(USER)) {
            links(steps, host.top());
        }
    }

    private boolean isViewOfHost() {
        return GantryAnnotations.isViewOfHost(config);
    }

    private void overlay(Steps steps, String lower, String scratch, String dir) {
        List<String> layers = new ArrayList<>(List.of(
                "lowerdir=" + lower, "upperdir=" + scratch + "/upper" + dir, "workdir=" + scratch + "/work" + dir));
        if (namespaces.has(USER)) {
            layers.add("userxattr"); // trusted.* attributes are beyond the root of a user namespace
        }
        steps.add("root.path", new MountStep.MountOnHost("overlay", "gantry", scratch + "/root" + dir, layers));
    }

    /**
     * In a user namespace a directory with mounts of the host's in it makes no layer, so the view is put together of
     * layers. No directory of the host is bound: its sockets and fifos would lead out of the container.
     */
    private void view(Steps steps, List<HostEntry> entries, String scratch) {
        for (HostEntry entry : entries) {
            String path = entry.path();
            switch (entry.kind()) {
                case LAYER, WITHOUT_MOUNTS -> {
                    Integer index = withoutMounts.get(path);
                    if (index != null) {
                        String lower = scratch + "/lower-" + index;
                        steps.add("root.path", MountStep.MakeHostDirectory.of(lower));
                        steps.add("root.path", new MountStep.PlaceSource(index, path, lower));
                        layer(steps, entry, lower, scratch);
                    } else if (entry.kind() == HostEntry.Kind.LAYER) {
                        layer(steps, entry, path, scratch);
                    } else {
                        makeDirectory(steps, entry, scratch);
                    }
                }
                case SPLIT -> {
                    makeDirectory(steps, entry, scratch);
                    for (String dir : List.of("/upper", "/work")) {
                        steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + dir + path));
                    }
                    view(steps, entry.inside(), scratch);
                }
                case EMPTY -> makeDirectory(steps, entry, scratch);
                case LINK -> {} // made in the root, when it is open
            }
        }
    }

    /** The directory at the top of the upper layer is the one whose mode is seen. */
    private void layer(Steps steps, HostEntry entry, String lower, String scratch) {
        String path = entry.path();
        steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + "/upper" + path, entry.mode()));
        steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + "/work" + path));
        steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + "/root" + path));
        overlay(steps, lower, scratch, path);
    }

    private static void makeDirectory(Steps steps, HostEntry entry, String scratch) {
        steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + "/root" + entry.path(), entry.mode()));
    }

    /** A layer is a mount of its own, unless one of the config's mounts covers it. */
    private void layersReadonly(Steps steps, List<HostEntry> entries) {
        for (HostEntry entry : entries) {
            boolean isLayer = entry.kind() == HostEntry.Kind.LAYER || withoutMounts.containsKey(entry.path());
            boolean isCovered = config.mounts().stream()
                    .anyMatch(mount -> Paths.isBelow(entry.path(), Paths.clean(mount.destination())));
            if (isLayer && !isCovered) {
                steps.add("root.readonly", new MountStep.MakeReadonly(entry.path()));
            }
            layersReadonly(steps, entry.inside());
        }
    }

    private static void links(Steps steps, List<HostEntry> entries) {
        for (HostEntry entry : entries) {
            if (entry.kind() == HostEntry.Kind.LINK) {
                steps.add("root.path", new MountStep.Symlink(entry.link(), entry.path()));
            }
            links(steps, entry.inside());
        }
    }

    private void mounts(Steps steps) {
        List<Mount> mounts = config.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            mount(steps, i, mounts.get(i));
        }
    }

    private void mount(Steps steps, int index, Mount mount) {
        String origin = "mounts[" + index + "]";
        MountOptions parsed = MountOptions.parse(mount.options());
        String target = Paths.clean(mount.destination()); // `/proc/` is `/proc`, where a symlink is refused
        String type = mount.type() == null ? "none" : mount.type();
        if (MountSources.isBind(mount, parsed)) {
            steps.add(origin, new MountStep.BindMount(sources.of(index), target, parsed));
        } else if (type.equals("cgroup") || type.equals("cgroup2")) {
            cgroupMount(steps, origin, target, parsed.forNewMount());
        } else {
            parsed = parsed.forNewMount();
            boolean later = parsed.isReadonly() && type.equals("tmpfs"); // others may yet be mounted in it
            if (later) {
                readonlyAtTheEnd.put(target, origin);
            }
            MountOptions now = labelled(type, later ? parsed.writable() : superBlockToo(type, parsed));
            String source = MountSources.nameOf(mount, type);
            steps.add(origin, new MountStep.Mount(type, source, target, now, sources.filesystem(index)));
        }
    }

    private static MountOptions superBlockToo(String type, MountOptions parsed) {
        if (!parsed.isReadonly() || WITHOUT_READONLY_SUPER_BLOCK.contains(type)) {
            return parsed;
        }
        return parsed.withData("ro");
    }

    /** SELinux labels the files of its own kernel file systems itself. */
    private MountOptions labelled(String type, MountOptions parsed) {
        String label = config.linux() == null ? null : config.linux().mountLabel();
        boolean takesNone = label == null || label.isBlank() || LABELLED_BY_THE_KERNEL.contains(type);
        return takesNone ? parsed : parsed.withData("context=" + label);
    }

    /** What lies at /sys/fs/cgroup on the host: one file system for v2, a tmpfs with one directory a hierarchy for v1. */
    private void cgroupMount(Steps steps, String origin, String target, MountOptions parsed) {
        if (host.isPurelyUnified()) {
            hierarchyMount(steps, origin, host.cgroups().get(0), target, parsed);
            return;
        }
        MountOptions tmpfs = MountOptions.parse(List.of("nosuid", "noexec", "nodev", "mode=755"))
                .overriddenBy(parsed)
                .writable();
        steps.add(origin, MountStep.Mount.of("tmpfs", "tmpfs", target, tmpfs));
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
        if (!namespaces.creates(CGROUP)) {
            String own = cgroups.dir(hierarchy);
            String source = own == null ? hierarchy.mountPoint() : own;
            steps.add(
                    origin,
                    new MountStep.BindMount(
                            MountStep.BindMount.Source.ofHost(source),
                            target,
                            MountOptions.parse(flags).overriddenBy(parsed)));
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
        steps.add(
                origin,
                MountStep.Mount.of(
                        type, "cgroup", target, MountOptions.parse(flags).overriddenBy(parsed)));
    }

    private void devices(Steps steps) {
        if (!makesDevices()) {
            return;
        }
        List<Device> own = config.linux().devices();
        DEFAULT_DEVICES.stream()
                .filter(device -> own.stream().noneMatch(o -> o.path().equals(device.path())))
                .forEach(device -> device(steps, Steps.DEFAULT, device, OptionalInt.empty()));
        for (int i = 0; i < own.size(); i++) {
            device(steps, "linux.devices[" + i + "]", own.get(i), sources.node(i));
        }
        DEFAULT_LINKS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(link -> steps.add(Steps.DEFAULT, new MountStep.Symlink(link.getValue(), link.getKey())));
    }

    private boolean makesDevices() {
        return config.mounts().stream().noneMatch(RootPlan::bindsDev);
    }

    private static boolean bindsDev(Mount mount) {
        return MountSources.isBind(mount, MountOptions.parse(mount.options()))
                && Paths.clean(mount.destination()).equals("/dev");
    }

    /** Only the initial user namespace may make device nodes; elsewhere the host's are bound, or what was made before. */
    private void device(Steps steps, String origin, Device device, OptionalInt opened) {
        if (namespaces.has(USER) && device.type() != DeviceType.FIFO) {
            steps.add(origin, new MountStep.BindDevice(device, opened));
        } else {
            steps.add(origin, new MountStep.Mknod(device));
        }
    }

    private static Device character(String path, long major, long minor) {
        return new Device(DeviceType.CHARACTER, path, major, minor, 0666L, 0L, 0L);
    }
}
