package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.OciConfig;
import dev.gantry.plan.Host;
import dev.gantry.plan.HostEntry;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.MountStep;
import dev.gantry.plan.NodeStep;
import dev.gantry.plan.SourceStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Plans a root that is a view of the host: its directories are lower layers, and what the container writes goes to
 * memory and vanishes with its namespace.
 */
final class HostView {
    /**
     * Where what runs on the host is found: sockets, locks, and the state of containers. A view of it is empty there.
     */
    private static final String RUN = "/run";

    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;
    private final Host host;
    private final MountSources sources;

    /** Indices of the directories of the host that were opened without what is mounted in them. */
    private final Map<String, Integer> withoutMounts = new LinkedHashMap<>();

    HostView(OciConfig config, LaunchOptions options, NamespacePlan namespaces, Host host, MountSources sources) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
        this.host = host;
        this.sources = sources;
    }

    /** Stage one: opens layers that are out of reach later. */
    void open(Steps steps) {
        if (!namespaces.has(USER)) {
            return;
        }
        openLayers(steps, host.top(), entry -> entry.kind() == HostEntry.Kind.WITHOUT_MOUNTS);
        if (sources.needStage()) { // its mount would lie in one of the layers, by whatever path
            openLayers(steps, host.top(), entry -> entry.kind() == HostEntry.Kind.LAYER);
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

    /** Puts the view together in the scratch directory, as its {@code root}. */
    void build(Steps steps) {
        String scratch = options.scratch();
        for (String dir : List.of("/upper", "/work", "/root")) {
            steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + dir));
        }
        if (!namespaces.has(USER)) {
            steps.add("root.path", MountStep.MakeHostDirectory.opaque(scratch + "/upper" + RUN));
            overlay(steps, "/", scratch, "");
        } else {
            view(steps, host.top(), scratch);
        }
    }

    /** Makes the links of the host's root, when the container's is open. */
    void links(Steps steps) {
        if (namespaces.has(USER)) {
            links(steps, host.top());
        }
    }

    /** Hides what Gantry knows of all containers. */
    void hideState(Steps steps) {
        String stateRoot = Paths.clean(options.scratch() + "/../..");
        if (!stateRoot.startsWith(RUN + "/")) {
            steps.add("root.path", new MountStep.MaskPath(stateRoot));
        }
    }

    /** Makes the layers read-only, as the root is. */
    void makeReadonly(Steps steps) {
        if (namespaces.has(USER)) {
            layersReadonly(steps, host.top());
        }
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
                        steps.add("root.path", new SourceStep.PlaceSource(index, path, lower));
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
                steps.add("root.path", new NodeStep.Symlink(entry.link(), entry.path()));
            }
            links(steps, entry.inside());
        }
    }
}
