package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.MOUNT;

import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.RootfsPropagation;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Host;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.MountOptions;
import dev.gantry.plan.MountStep;
import dev.gantry.plan.NodeStep;
import dev.gantry.plan.ProcessStep;
import dev.gantry.plan.Propagation;
import dev.gantry.plan.RootStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Plans the container's root: what it is made of, what is mounted in it, and how it becomes the process's root. */
final class RootPlan {
    /** File systems whose read-only state belongs to the mount: the super block may be shared with the host's. */
    private static final Set<String> WITHOUT_READONLY_SUPER_BLOCK =
            Set.of("tmpfs", "proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts", "overlay");

    private static final Set<String> LABELLED_BY_THE_KERNEL = Set.of("proc", "sysfs", "mqueue", "cgroup", "cgroup2");

    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;
    private final MountSources sources;
    private final Optional<HostView> hostView;
    private final CgroupMounts cgroupMounts;
    private final DevicePlan devices;
    private final boolean hasMounts;

    /** Origins by target, in the order of the mounts. */
    private final Map<String, String> readonlyAtTheEnd = new LinkedHashMap<>();

    RootPlan(OciConfig config, LaunchOptions options, NamespacePlan namespaces, Host host, CgroupPlan cgroups) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
        this.sources = new MountSources(config, options, namespaces, host, !isShared());
        this.hostView = GantryAnnotations.isViewOfHost(config)
                ? Optional.of(new HostView(config, options, namespaces, host, sources))
                : Optional.empty();
        this.cgroupMounts = new CgroupMounts(namespaces, host, cgroups);
        this.devices = new DevicePlan(config, namespaces, sources);
        this.hasMounts = namespaces.has(MOUNT);
    }

    /** Stage one: what of the host is out of reach later. */
    void openSources(Steps steps) {
        sources.open(steps);
        if (hasMounts) {
            hostView.ifPresent(view -> view.open(steps));
        }
        sources.stage(steps);
        if (hasMounts) {
            devices.open(steps);
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
        devices.make(steps);
    }

    void enter(Steps steps) {
        if (!hasMounts) {
            steps.add("root.path", new RootStep.ChangeRoot());
            return;
        }
        steps.add("root.path", options.pivot() ? new RootStep.PivotRoot() : new RootStep.MoveRoot());
        if (propagation() != Propagation.UNCHANGED) {
            steps.add("linux.rootfsPropagation", new RootStep.SetRootPropagation(propagation()));
        }
    }

    void finish(Steps steps) {
        String cwd = config.process() == null ? null : config.process().cwd();
        if (cwd != null && hasMounts) {
            steps.add("process.cwd", new NodeStep.MakeDirectory(cwd, 0755));
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
        steps.add(Steps.DEFAULT, new RootStep.CloseRoot());
    }

    private void cover(Steps steps) {
        hostView.ifPresent(view -> view.hideState(steps));
        readonlyAtTheEnd.forEach((target, origin) -> steps.add(origin, new MountStep.MakeReadonly(target)));
        if (config.root().isReadonly()) {
            steps.add("root.readonly", new MountStep.MakeReadonly("/"));
            hostView.ifPresent(view -> view.makeReadonly(steps));
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
    private RootStep.OpenRoot openRoot(String path, boolean bind) {
        boolean apart = hasMounts && (isShared() || namespaces.joins(MOUNT));
        return new RootStep.OpenRoot(path, bind, apart, OptionalInt.empty());
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
            RootStep.OpenRoot open = openRoot(options.resolve(config.root().path()), true);
            steps.add("root.path", new RootStep.OpenRoot(open.path(), true, open.apart(), sources.root()));
            return;
        }
        String origin = "root.path";
        String scratch = options.scratch();
        steps.add(origin, new MountStep.MountOnHost("tmpfs", "gantry", scratch, List.of("mode=755")));
        hostView.ifPresent(view -> view.build(steps));
        boolean isImage = kind.equals(GantryAnnotations.IMAGE);
        if (isImage) {
            new ImageView(config, options, namespaces).build(steps);
        }
        steps.add(origin, openRoot(hostView.isPresent() || isImage ? scratch + "/root" : scratch, true));
        hostView.ifPresent(view -> view.links(steps));
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
            cgroupMounts.add(steps, origin, target, parsed.forNewMount(), readonlyAtTheEnd);
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
}
