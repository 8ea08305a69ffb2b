package dev.gantry.plan;

import java.util.List;

/**
 * A mounted cgroup hierarchy of the host.
 *
 * @param mountPoint host path
 * @param controllers v1: its controllers, or one {@code name=...}; v2: the controllers available at its root
 * @param unified whether it is cgroup v2
 * @param ownPath the cgroup of this process in it, {@code /} for the root
 */
public record CgroupHierarchy(String mountPoint, List<String> controllers, boolean unified, String ownPath) {
    public CgroupHierarchy {
        controllers = List.copyOf(controllers);
    }

    /** Answers whether limits of that controller are set here. */
    public boolean has(String controller) {
        return controllers.contains(controller);
    }

    /** Returns the last part of the mount point: {@code cpu,cpuacct}, {@code unified}. */
    public String name() {
        return mountPoint.substring(mountPoint.lastIndexOf('/') + 1);
    }
}
