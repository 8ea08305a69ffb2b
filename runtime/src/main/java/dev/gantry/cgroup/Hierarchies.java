package dev.gantry.cgroup;

import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.proc.MountInfo;
import dev.gantry.wire.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the cgroup hierarchies of the host, cgroups(7). */
public final class Hierarchies {
    /** Options of a v1 mount that name no controller. */
    private static final Set<String> OTHER_OPTIONS =
            Set.of("rw", "ro", "none", "noprefix", "xattr", "clone_children", "cpuset_v2_mode", "favordynmods");

    private Hierarchies() {}

    /**
     * Returns the mounted hierarchies as this process sees them.
     *
     * @throws IOException if {@code /proc} cannot be read
     */
    public static List<CgroupHierarchy> read() throws IOException {
        return found(MountInfo.of("self"), RawText.lines(Files.readAllBytes(Path.of("/proc/self/cgroup"))));
    }

    /**
     * Finds them among the mounts and the lines of {@code /proc/self/cgroup}. What another mount covers does not count;
     * of two equal mounts the first does.
     */
    static List<CgroupHierarchy> found(List<MountInfo> mounts, List<String> cgroup) throws IOException {
        Map<String, String> own = ownPaths(cgroup);
        List<CgroupHierarchy> found = new ArrayList<>();
        for (MountInfo mount : new MountTable(mounts).visible("cgroup")) {
            String mountPoint = mount.point();
            if (mount.type().equals("cgroup2")) {
                add(found, unified(mountPoint, below(mount.root(), own.getOrDefault("", "/"))));
            } else {
                List<String> controllers = Arrays.stream(mount.superOptions().split(","))
                        .filter(option -> !OTHER_OPTIONS.contains(option) && !option.startsWith("release_agent="))
                        .toList();
                String path = own.getOrDefault(controllers.isEmpty() ? "" : controllers.get(0), "/");
                add(found, new CgroupHierarchy(mountPoint, controllers, false, below(mount.root(), path)));
            }
        }
        return found;
    }

    /**
     * In a container the mount may begin at the container's cgroup, while the paths in {@code /proc/self/cgroup} begin
     * at the host's root.
     */
    private static String below(String root, String ownPath) {
        if (root.equals("/") || !(ownPath + "/").startsWith(root + "/")) {
            return ownPath;
        }
        return ownPath.equals(root) ? "/" : ownPath.substring(root.length());
    }

    private static void add(List<CgroupHierarchy> found, CgroupHierarchy hierarchy) {
        boolean known = found.stream()
                .anyMatch(h -> h.unified() == hierarchy.unified()
                        && (h.unified() || h.controllers().equals(hierarchy.controllers())));
        if (!known) {
            found.add(hierarchy);
        }
    }

    private static CgroupHierarchy unified(String mountPoint, String ownPath) throws IOException {
        CgroupHierarchy any = new CgroupHierarchy(mountPoint, List.of(), true, ownPath);
        Path nest = Path.of(mountPoint + any.nest());
        boolean delegated = Stream.of("", "cgroup.procs", "cgroup.subtree_control")
                .allMatch(file -> Files.isWritable(nest.resolve(file)));
        boolean whole = Files.isWritable(Path.of(mountPoint, "cgroup.subtree_control"));
        Path controllers = (delegated && !whole ? nest : Path.of(mountPoint)).resolve("cgroup.controllers");
        String names = Files.exists(controllers) ? Files.readString(controllers).strip() : "";
        return new CgroupHierarchy(
                mountPoint, names.isEmpty() ? List.of() : List.of(names.split(" ")), true, ownPath, delegated);
    }

    /** Returns the paths of a process's cgroups, by controller as {@link #ownPaths} has them; empty if it is gone. */
    static Map<String, String> pathsOf(int pid) {
        try {
            return ownPaths(Files.readAllLines(Path.of("/proc", Integer.toString(pid), "cgroup")));
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** By controller, {@code name=...}, or the empty word for v2. */
    private static Map<String, String> ownPaths(List<String> cgroup) {
        Map<String, String> paths = new HashMap<>();
        for (String line : cgroup) {
            String[] parts = line.split(":", 3);
            for (String controller : parts[1].split(",")) {
                paths.put(controller, parts[2]);
            }
        }
        return paths;
    }
}
