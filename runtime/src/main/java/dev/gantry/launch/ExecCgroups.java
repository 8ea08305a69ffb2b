package dev.gantry.launch;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.proc.ProcessTable;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ExecOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds the cgroups that a process which is added to a container joins. */
final class ExecCgroups {
    /** Controllers that leave room for processes beside cgroups, and none at all. */
    private static final Set<String> THREADED = Set.of("cpu", "cpuset", "perf_event", "pids", "");

    private static final String ADDING = "adding pid of the new process to cgroups: ";

    private ExecCgroups() {}

    /**
     * Returns the directories that the process is to join. That is the cgroup v2 of the first process where the
     * container hands controllers down to cgroups of its own making: its own takes no process then, cgroups(7).
     */
    static List<String> resolve(
            ExecOptions how, String operation, List<CgroupHierarchy> hierarchies, ContainerState state) {
        List<String> own = state.cgroups();
        List<String> dirs = new ArrayList<>(own);
        if (how.cgroups().isEmpty()) {
            dirs.replaceAll(dir -> handsDown(dir) ? ofFirstProcess(dir, hierarchies, state) : dir);
        }
        for (String cgroup : how.cgroups()) {
            int colon = cgroup.indexOf(':');
            String path = Path.of("/", cgroup.substring(colon + 1)).normalize().toString();
            if (Path.of(cgroup.substring(colon + 1)).normalize().startsWith("..")) {
                throw refused(
                        operation,
                        "%s is not a sub cgroup path".formatted(Shown.shortened(cgroup.substring(colon + 1))));
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
                    throw refused(operation, ADDING + "open %s/cgroup.procs: no such file or directory".formatted(dir));
                });
        dirs.stream().filter(ExecCgroups::handsDown).findFirst().ifPresent(dir -> {
            throw refused(operation, ADDING + "write %s/cgroup.procs: device or resource busy".formatted(dir));
        });
        return dirs;
    }

    private static boolean handsDown(String dir) {
        try {
            String controllers = Files.readString(Path.of(dir, "cgroup.subtree_control"));
            return !THREADED.containsAll(List.of(controllers.strip().split(" ")));
        } catch (IOException e) {
            return false; // cgroup v1
        }
    }

    private static String ofFirstProcess(String dir, List<CgroupHierarchy> hierarchies, ContainerState state) {
        return hierarchies.stream()
                .filter(CgroupHierarchy::unified)
                .flatMap(hierarchy ->
                        ProcessTable.unifiedCgroup(state.pid()).stream().map(path -> hierarchy.mountPoint() + path))
                .filter(first -> first.startsWith(dir + "/"))
                .findFirst()
                .orElse(dir);
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
        return new ContainerException(operation, ErrorKind.CONFIG, why);
    }
}
