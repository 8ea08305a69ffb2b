package dev.gantry.plan;

import static dev.gantry.oci.NamespaceType.MOUNT;
import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.wire.Wire;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans which sources of bind mounts are opened before the process enters its user namespace: all whose ids are mapped,
 * since only the owner of the file system may do that; and where the runtime is root all others too, since a user whom
 * the namespace maps may not be able to reach them. What lies in the container's own root stays for later: an earlier
 * mount may be there by then.
 */
final class MountSources {
    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;
    private final boolean privileged;
    private final boolean apart;
    private final Map<Integer, Integer> indices = new HashMap<>();
    private final Set<Integer> mapped = new HashSet<>();
    private boolean rootIsOpened;

    MountSources(OciConfig config, LaunchOptions options, NamespacePlan namespaces, Host host, boolean apart) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
        this.privileged = host.isRoot() && namespaces.has(USER) && namespaces.creates(MOUNT);
        this.apart = apart || namespaces.has(USER); // the mounts of another user namespace are slaves anyway
    }

    /** Stage one: opens what cannot wait. */
    void open(Steps steps) {
        if (!namespaces.has(MOUNT)) {
            return;
        }
        int next = 0;
        if (privileged && options.pivot() && !config.annotations().containsKey(GantryAnnotations.ROOTFS)) {
            rootIsOpened = true;
            steps.add("root.path", source(next++, rootPath(), true, MountStep.OpenSource.IdMap.NONE));
        }
        for (int i = 0; i < config.mounts().size(); i++) {
            Mount mount = config.mounts().get(i);
            MountOptions parsed = MountOptions.parse(mount.options());
            if (!isBind(mount, parsed)) {
                continue;
            }
            MountStep.OpenSource.IdMap map = idMap(mount, parsed);
            if (map != MountStep.OpenSource.IdMap.NONE) {
                mapped.add(i);
            }
            String path = options.resolve(mount.source());
            if (mapped.contains(i) || privileged && !isInRoot(path) && next < Wire.MOST_SOURCES) {
                indices.put(i, next);
                steps.add("mounts[" + i + "]", source(next++, path, parsed.recursiveBind(), map));
            }
        }
    }

    private MountStep.OpenSource source(int index, String path, boolean recursive, MountStep.OpenSource.IdMap map) {
        return new MountStep.OpenSource(index, path, recursive, apart, map);
    }

    /** Returns the root's index, if it was opened. */
    OptionalInt root() {
        return rootIsOpened ? OptionalInt.of(0) : OptionalInt.empty();
    }

    /** Returns what the mount of that index binds. */
    MountStep.BindMount.Source of(int mount) {
        String path = options.resolve(config.mounts().get(mount).source());
        if (indices.containsKey(mount)) {
            return new MountStep.BindMount.Source(
                    path, OptionalInt.of(indices.get(mount)), mapped.contains(mount), false);
        }
        return isInRoot(path)
                ? new MountStep.BindMount.Source(
                        Paths.clean(path).substring(Paths.clean(rootPath()).length()), OptionalInt.empty(), false, true)
                : MountStep.BindMount.Source.ofHost(path);
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

    private MountStep.OpenSource.IdMap idMap(Mount mount, MountOptions parsed) {
        boolean recursive = parsed.idmap() == MountOptions.IdMap.RIDMAP;
        if (!mount.uidMappings().isEmpty()) {
            return new MountStep.OpenSource.IdMap(
                    null, lines(mount.uidMappings()), lines(mount.gidMappings()), recursive);
        }
        if (parsed.idmap() == MountOptions.IdMap.NONE) {
            return MountStep.OpenSource.IdMap.NONE;
        }
        return namespaces
                .joinedPath(USER)
                .map(path -> new MountStep.OpenSource.IdMap(path, null, null, recursive))
                .orElseGet(() -> new MountStep.OpenSource.IdMap(
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
