package dev.gantry.cgroup;

import dev.gantry.plan.CgroupHierarchy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a cgroup lies in each of the host's hierarchies. Immutable.
 *
 * @param dirs by hierarchy
 */
public record ControllerDirs(Map<CgroupHierarchy, String> dirs) {
    public ControllerDirs {
        dirs = Map.copyOf(dirs);
    }

    /** Finds the hierarchy of each directory; a directory in none of them is left out. */
    public static ControllerDirs of(List<CgroupHierarchy> hierarchies, List<String> dirs) {
        Map<CgroupHierarchy, String> found = new LinkedHashMap<>();
        for (CgroupHierarchy hierarchy : hierarchies) {
            dirs.stream()
                    .filter(dir -> dir.startsWith(hierarchy.mountPoint() + "/"))
                    .findFirst()
                    .ifPresent(dir -> found.put(hierarchy, dir));
        }
        return new ControllerDirs(found);
    }

    /** Finds the cgroups in which a process is now, as far as they can be seen from here; none if it is gone. */
    public static ControllerDirs ofProcess(List<CgroupHierarchy> hierarchies, int pid) {
        Map<String, String> paths = Hierarchies.pathsOf(pid);
        Map<CgroupHierarchy, String> found = new LinkedHashMap<>();
        for (CgroupHierarchy hierarchy : hierarchies) {
            String controller =
                    hierarchy.unified() ? "" : hierarchy.controllers().get(0);
            String dir = hierarchy.mountPoint() + paths.getOrDefault(controller, "/..");
            if (paths.containsKey(controller) && Files.isDirectory(Path.of(dir))) {
                found.put(hierarchy, dir);
            }
        }
        return new ControllerDirs(found);
    }

    /** Returns the directory in which limits of a controller are set and its counters are read. */
    public Optional<String> of(String controller) {
        return find(hierarchy -> hierarchy.has(controller));
    }

    /** Returns the cgroup v1 directory of a controller. */
    public Optional<String> v1(String controller) {
        return find(hierarchy -> !hierarchy.unified() && hierarchy.has(controller));
    }

    /** Returns the cgroup v2 directory. */
    public Optional<String> unified() {
        return find(CgroupHierarchy::unified);
    }

    private Optional<String> find(Predicate<CgroupHierarchy> wanted) {
        return dirs.entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
