package dev.gantry.runtime;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.CgroupHierarchy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a process is added to a container, as far as the process itself does not say it.
 *
 * @param cgroups in which cgroups below the container's own it is to be: {@code [CONTROLLER[,CONTROLLER]:]PATH}, a path
 *     without controllers for all hierarchies
 * @param whilePaused whether it may be added to a paused container, and then waits for that to be resumed
 */
public record ExecOptions(List<String> cgroups, boolean whilePaused) {
    /** What is customary. */
    public static final ExecOptions DEFAULT = new ExecOptions(List.of(), false);

    public ExecOptions {
        cgroups = List.copyOf(cgroups);
    }

    /**
     * Returns the directories that the process is to join.
     *
     * @param own the container's
     */
    List<String> resolve(String operation, List<CgroupHierarchy> hierarchies, List<String> own) {
        List<String> dirs = new ArrayList<>(own);
        for (String cgroup : cgroups) {
            int colon = cgroup.indexOf(':');
            String path = Path.of("/", cgroup.substring(colon + 1)).normalize().toString();
            if (Path.of(cgroup.substring(colon + 1)).normalize().startsWith("..")) {
                throw refused(operation, "%s is not a sub cgroup path".formatted(cgroup.substring(colon + 1)));
            }
            if (colon < 0) {
                dirs.replaceAll(dir -> below(dir, path));
                continue;
            }
            for (String controller : cgroup.substring(0, colon).split(",")) {
                int at = indexOf(operation, controller, hierarchies, own);
                dirs.set(at, below(own.get(at), path));
            }
        }
        dirs.stream()
                .filter(dir -> !Files.isDirectory(Path.of(dir)))
                .findFirst()
                .ifPresent(dir -> {
                    throw refused(
                            operation,
                            "adding pid to cgroups: open %s/cgroup.procs: no such file or directory".formatted(dir));
                });
        return dirs;
    }

    private static int indexOf(
            String operation, String controller, List<CgroupHierarchy> hierarchies, List<String> own) {
        for (int i = 0; i < own.size(); i++) {
            String dir = own.get(i);
            if (hierarchies.stream().anyMatch(h -> h.has(controller) && dir.startsWith(h.mountPoint() + "/"))) {
                return i;
            }
        }
        throw refused(operation, "unknown controller %s".formatted(controller));
    }

    private static String below(String dir, String path) {
        return path.equals("/") ? dir : dir + path;
    }

    private static ContainerException refused(String operation, String why) {
        return new ContainerException(ErrorKind.CONFIG, operation + ": " + why);
    }
}
