package dev.gantry.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Facts about the machine that a plan depends on, read once; a plain value, so that plans can be made for any machine.
 *
 * @param cgroups every mounted hierarchy, in mount order
 * @param uid effective user of the runtime
 * @param gid effective group of the runtime
 * @param securityModules the enabled ones by which processes can be confined
 */
public record Host(List<CgroupHierarchy> cgroups, long uid, long gid, Set<SecurityModule> securityModules) {
    public Host {
        cgroups = List.copyOf(cgroups);
        securityModules = Set.copyOf(securityModules);
    }

    /** Creates the facts of a machine without a security module. */
    public Host(List<CgroupHierarchy> cgroups, long uid, long gid) {
        this(cgroups, uid, gid, Set.of());
    }

    /** Answers whether the runtime is root. */
    public boolean isRoot() {
        return uid == 0;
    }

    /** Returns the cgroup v2 hierarchy, whether it stands alone or beside v1 ones. */
    public Optional<CgroupHierarchy> unified() {
        return cgroups.stream().filter(CgroupHierarchy::unified).findFirst();
    }

    /** Answers whether cgroup v2 is all there is. */
    public boolean isPurelyUnified() {
        return cgroups.size() == 1 && cgroups.get(0).unified();
    }

    /** Answers whether a cgroup's directory lies in the cgroup v2 hierarchy. */
    public boolean isUnified(String dir) {
        return unified().filter(v2 -> dir.startsWith(v2.mountPoint() + "/")).isPresent();
    }

    /** Returns the hierarchy in which limits of {@code controller} are set. */
    public Optional<CgroupHierarchy> hierarchyOf(String controller) {
        return cgroups.stream().filter(hierarchy -> hierarchy.has(controller)).findFirst();
    }
}
