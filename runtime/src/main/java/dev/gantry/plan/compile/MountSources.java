package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.MOUNT;
import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Mount;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Host;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.MountOptions;
import dev.gantry.plan.MountStep.BindMount.Source;
import dev.gantry.plan.SourceStep;
import dev.gantry.plan.SourceStep.OpenSource;
import dev.gantry.wire.Wire;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans what is opened before the process enters its user namespace and mounted after. Of the sources of bind mounts
 * all whose ids are mapped, since only the owner of the file system may do that; and where the runtime is root all
 * others too, since a user whom the namespace maps may not be able to reach them. What lies in the container's own root
 * stays for later: an earlier mount may be there by then. What is opened is mounted in a mount namespace between the
 * host's and the container's, in the copy of which the kernel locks its flags. Where the runtime is root, file systems
 * of namespaces that are not made with the user namespace, and device nodes, are opened too.
 */
final class MountSources {
    /** File systems that show a namespace, which only the owner of that one can mount. */
    static final Map<String, NamespaceType> OF_A_NAMESPACE =
            Map.of("sysfs", NamespaceType.NETWORK, "mqueue", NamespaceType.IPC, "proc", NamespaceType.PID);

    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;
    private final boolean hostRoot;
    private final boolean privileged;
    private final OpenSource.Tie tie;
    private final Map<Integer, Integer> indices = new HashMap<>();
    private final Set<Integer> mapped = new HashSet<>();
    private final Map<Integer, Integer> nodes = new HashMap<>(); // by the index of the device
    private int next;
    private boolean rootIsOpened;
    private boolean isStaged;

    MountSources(OciConfig config, LaunchOptions options, NamespacePlan namespaces, Host host, boolean apart) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
        this.hostRoot = host.isRoot();
        this.privileged = hostRoot && namespaces.has(USER) && namespaces.creates(MOUNT);
        this.tie = apart || namespaces.has(USER) // the mounts of another user namespace are slaves anyway
                ? OpenSource.Tie.SLAVE
                : OpenSource.Tie.AS_ON_HOST;
    }

    /** Stage one: opens what cannot wait. */
    void open(Steps steps) {
        if (!namespaces.has(MOUNT)) {
            return;
        }
        if (privileged && options.pivot() && !config.annotations().containsKey(GantryAnnotations.ROOTFS)) {
            rootIsOpened = true;
            steps.add("root.path", source(next++, rootPath(), OpenSource.Extent.TREE, OpenSource.IdMap.NONE));
        }
        for (int i = 0; i < config.mounts().size(); i++) {
            Mount mount = config.mounts().get(i);
            MountOptions parsed = MountOptions.parse(mount.options());
            if (!isBind(mount, parsed)) {
                continue;
            }
            OpenSource.IdMap map = idMap(mount, parsed);
            if (map != OpenSource.IdMap.NONE) {
                mapped.add(i);
            }
            String path = options.resolve(mount.source());
            if (mapped.contains(i) || privileged && !isInRoot(path) && next < Wire.MOST_SOURCES) {
                indices.put(i, next);
                OpenSource.Extent extent = parsed.recursiveBind() ? OpenSource.Extent.TREE : OpenSource.Extent.MOUNT;
                steps.add("mounts[" + i + "]", source(next++, path, extent, map));
            }
        }
    }

    /**
     * Opens a directory of the host without what is mounted in it, which only root of the host can leave out.
     *
     * @return its index, or empty if there are too many sources
     */
    OptionalInt openWithoutMounts(Steps steps, String path) {
        if (next == Wire.MOST_SOURCES) {
            return OptionalInt.empty();
        }
        steps.add("root.path", source(next, path, OpenSource.Extent.MOUNT, OpenSource.IdMap.NONE));
        return OptionalInt.of(next++);
    }

    /**
     * Returns whether the flags of what was opened so far are to be locked: the container has a user namespace and a
     * mount namespace of its own. What is mounted for this goes with the old root, so not without pivot_root(2).
     */
    boolean needStage() {
        return privileged && options.pivot() && next > 0;
    }

    /** Locks the flags of what was opened so far, if they are to be locked. */
    void stage(Steps steps) {
        if (needStage()) {
            isStaged = true;
            steps.add(Steps.DEFAULT, new SourceStep.StageSources(options.scratch()));
        }
    }

    /** Opens the file systems of namespaces that are shared, which root of the user namespace may not mount. */
    void openFilesystems(Steps steps) {
        if (!hostRoot || !namespaces.has(MOUNT) || !namespaces.has(USER)) {
            return;
        }
        for (int i = 0; i < config.mounts().size(); i++) {
            Mount mount = config.mounts().get(i);
            MountOptions parsed = MountOptions.parse(mount.options());
            NamespaceType shown = mount.type() == null ? null : OF_A_NAMESPACE.get(mount.type());
            if (shown == null || isBind(mount, parsed) || namespaces.creates(shown)) {
                continue;
            }
            indices.put(i, next);
            boolean inChild = shown == NamespaceType.PID && namespaces.joins(shown);
            String source = nameOf(mount, mount.type());
            steps.add(
                    "mounts[" + i + "]",
                    new SourceStep.OpenFilesystem(next++, mount.type(), source, inChild, parsed.forNewMount()));
        }
    }

    /** Makes nodes of the listed devices, in case that the host has none such; their owners have to be known. */
    void openNodes(Steps steps) {
        List<Device> devices =
                config.linux() == null ? List.of() : config.linux().devices();
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            boolean needsRoot = namespaces.creates(USER) && device.type() != DeviceType.FIFO;
            if (hostRoot && needsRoot && next < Wire.MOST_SOURCES) {
                nodes.put(i, next);
                steps.add("linux.devices[" + i + "]", new SourceStep.OpenNode(next++, namespaces.onHost(device)));
            }
        }
    }

    /** Returns the index under which the node of the listed device of that index was made, if it was. */
    OptionalInt node(int device) {
        return nodes.containsKey(device) ? OptionalInt.of(nodes.get(device)) : OptionalInt.empty();
    }

    /** Returns the index under which the new file system of the mount of that index was opened, if it was. */
    OptionalInt filesystem(int mount) {
        return indices.containsKey(mount) ? OptionalInt.of(indices.get(mount)) : OptionalInt.empty();
    }

    /** Returns what stands for the source of a new file system; its type if nothing else does. */
    static String nameOf(Mount mount, String type) {
        return mount.source() == null || mount.source().isEmpty() ? type : mount.source();
    }

    private OpenSource source(int index, String path, OpenSource.Extent extent, OpenSource.IdMap map) {
        return new OpenSource(index, path, extent, tie, map);
    }

    /** Returns the root's index, if it was opened. */
    OptionalInt root() {
        return rootIsOpened ? OptionalInt.of(0) : OptionalInt.empty();
    }

    /** Returns what the mount of that index binds. */
    Source of(int mount) {
        String path = options.resolve(config.mounts().get(mount).source());
        if (indices.containsKey(mount)) {
            Source.Lookup lookup = isStaged || mapped.contains(mount) ? Source.Lookup.OPENED : Source.Lookup.HOST;
            return Source.opened(path, lookup, indices.get(mount));
        }
        return isInRoot(path)
                ? Source.inRoot(
                        Paths.clean(path).substring(Paths.clean(rootPath()).length()))
                : Source.ofHost(path);
    }

    static boolean isBind(Mount mount, MountOptions parsed) {
        return parsed.bind() || "bind".equals(mount.type());
    }

    private String rootPath() {
        return options.resolve(config.root().path());
    }

    private boolean isInRoot(String path) {
        String root = Paths.clean(rootPath());
        return !config.annotations().containsKey(GantryAnnotations.ROOTFS)
                && !root.equals("/")
                && Paths.clean(path).startsWith(root + "/");
    }

    private OpenSource.IdMap idMap(Mount mount, MountOptions parsed) {
        boolean recursive = parsed.idmap() == MountOptions.IdMap.RIDMAP;
        if (!mount.uidMappings().isEmpty()) {
            return new OpenSource.IdMap(null, lines(mount.uidMappings()), lines(mount.gidMappings()), recursive);
        }
        if (parsed.idmap() == MountOptions.IdMap.NONE) {
            return OpenSource.IdMap.NONE;
        }
        return namespaces
                .joinedPath(USER)
                .map(path -> new OpenSource.IdMap(path, null, null, recursive))
                .orElseGet(() -> new OpenSource.IdMap(
                        null,
                        lines(config.linux().uidMappings()),
                        lines(config.linux().gidMappings()),
                        recursive));
    }

    private static String lines(List<IdMapping> map) {
        return map.stream()
                .map(m -> "%d %d %d\n".formatted(m.containerID(), m.hostID(), m.size()))
                .collect(Collectors.joining());
    }
}
