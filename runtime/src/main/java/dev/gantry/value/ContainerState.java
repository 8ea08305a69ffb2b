package dev.gantry.value;

import dev.gantry.oci.HookPoint;
import dev.gantry.oci.State;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is kept about a container outside of any process.
 *
 * @param pid of the first process as the host sees it; 0 while there is none
 * @param pidStart when that process started, in clock ticks since boot, to tell it from a later one of the same pid
 * @param root the root that was made for it; null while there is none, and where it is not known
 * @param created when the container was made
 * @param owner the user who made it
 * @param cgroups the directories of its cgroup, to be removed with it
 * @param unit the unit of systemd's that it is in; null for none
 * @param steps how many steps the plan has by which it was made
 * @param lateHooks the points after its making at which its config has hooks
 */
public record ContainerState(
        String id,
        String bundle,
        String rootfs,
        int pid,
        long pidStart,
        RootDirectory root,
        Instant created,
        int owner,
        Map<String, String> annotations,
        List<String> cgroups,
        String unit,
        int steps,
        List<HookPoint> lateHooks) {
    public ContainerState {
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations)); // shown in this order
        cgroups = List.copyOf(cgroups);
        lateHooks = List.copyOf(lateHooks);
    }

    @Override
    public String toString() {
        String process = pid == 0 ? "no process" : "pid " + pid;
        return "%s: %s, created %s, bundle %s, rootfs %s".formatted(id, process, created, bundle, rootfs);
    }

    public ContainerState withProcess(int newPid, long start, RootDirectory newRoot) {
        return new ContainerState(
                id,
                bundle,
                rootfs,
                newPid,
                start,
                newRoot,
                created,
                owner,
                annotations,
                cgroups,
                unit,
                steps,
                lateHooks);
    }

    /** Returns what hooks and agents receive, except for a status. */
    public State forHooks(String ociVersion) {
        return new State(ociVersion, id, "", pid, bundle, annotations);
    }
}
