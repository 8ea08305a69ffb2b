package dev.gantry.plan;

import java.util.List;

/**
 * A mounted cgroup hierarchy of the host.
 *
 * @param mountPoint host path
 * @param controllers v1: its controllers, or one {@code name=...}; v2: the controllers available at its root
 * @param unified whether it is cgroup v2
 * @param ownPath the cgroup of this process in it, {@code /} for the root
 * @param delegated whether a user other than root may make cgroups beside this process's own
 */
public record CgroupHierarchy(
        String mountPoint, List<String> controllers, boolean unified, String ownPath, boolean delegated) {
    public CgroupHierarchy {
        controllers = List.copyOf(controllers);
    }

    /** Creates a hierarchy that only root may use. */
    public CgroupHierarchy(String mountPoint, List<String> controllers, boolean unified, String ownPath) {
        this(mountPoint, controllers, unified, ownPath, false);
    }

    /**
     * Returns the cgroup v2 in which one for a child of this process is made: that above its own, since a cgroup with
     * processes cannot hand controllers down.
     */
    public String nest() {
        return ownPath.equals("/") ? "/" : ownPath.substring(0, ownPath.lastIndexOf('/') + 1);
    }

    /** Returns whether limits of that controller are set here. */
    public boolean has(String controller) {
        return controllers.contains(controller);
    }

    /** Returns the last part of the mount point: {@code cpu,cpuacct}, {@code unified}. */
    public String name() {
        return mountPoint.substring(mountPoint.lastIndexOf('/') + 1);
    }

    /** As its mount point's: a record's own would be linked by the JVM at each start, for 14 ms. */
    @Override
    public int hashCode() {
        return mountPoint.hashCode();
    }
}
