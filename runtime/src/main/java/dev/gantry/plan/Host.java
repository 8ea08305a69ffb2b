package dev.gantry.plan;

import dev.gantry.oci.IdMapping;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Facts about the machine that a plan depends on, read once; a plain value, so that plans can be made for any machine.
 *
 * @param cgroups every mounted hierarchy, in mount order
 * @param uid effective user of the runtime
 * @param gid effective group of the runtime
 * @param ownUids the users that a user other than root can map, as is usual: their own id as root
 * @param ownGids as {@code ownUids}, groups
 * @param top the directories at the top and links to them, as a user namespace shows them; read for a root that is a
 *     view of the host only
 * @param securityModules the enabled ones by which processes can be confined
 * @param cgroupDriver who makes cgroups here
 * @param landlock the version of Landlock's interface, 0 without it
 */
public record Host(
        List<CgroupHierarchy> cgroups,
        long uid,
        long gid,
        List<IdMapping> ownUids,
        List<IdMapping> ownGids,
        List<HostEntry> top,
        Set<SecurityModule> securityModules,
        CgroupDriver cgroupDriver,
        int landlock) {
    public Host {
        cgroups = List.copyOf(cgroups);
        ownUids = List.copyOf(ownUids);
        ownGids = List.copyOf(ownGids);
        top = List.copyOf(top);
        securityModules = Set.copyOf(securityModules);
    }

    /** Creates the facts of a machine without a security module, where a user other than root has but one id. */
    public Host(List<CgroupHierarchy> cgroups, long uid, long gid) {
        this(cgroups, uid, gid, own(uid, uid), own(gid, uid), List.of(), Set.of());
    }

    /** Creates the facts of a machine where Gantry makes cgroups by itself. */
    public Host(
            List<CgroupHierarchy> cgroups,
            long uid,
            long gid,
            List<IdMapping> ownUids,
            List<IdMapping> ownGids,
            List<HostEntry> top,
            Set<SecurityModule> securityModules) {
        this(cgroups, uid, gid, ownUids, ownGids, top, securityModules, CgroupDriver.CGROUPFS, 0);
    }

    /** Returns the same machine where cgroups are made by somebody else. */
    public Host with(CgroupDriver driver) {
        return new Host(cgroups, uid, gid, ownUids, ownGids, top, securityModules, driver, landlock);
    }

    /** Returns the same machine with those directories at the top. */
    public Host withTop(List<HostEntry> entries) {
        return new Host(cgroups, uid, gid, ownUids, ownGids, entries, securityModules, cgroupDriver, landlock);
    }

    /** Returns the same machine with that version of Landlock. */
    public Host withLandlock(int version) {
        return new Host(cgroups, uid, gid, ownUids, ownGids, top, securityModules, cgroupDriver, version);
    }

    private static List<IdMapping> own(long id, long uid) {
        return uid == 0 ? List.of() : List.of(new IdMapping(0L, id, 1L));
    }

    /** Returns whether the runtime is root. */
    public boolean isRoot() {
        return uid == 0;
    }

    /** Returns the cgroup v2 hierarchy, whether it stands alone or beside v1 ones. */
    public Optional<CgroupHierarchy> unified() {
        return cgroups.stream().filter(CgroupHierarchy::unified).findFirst();
    }

    /** Returns whether cgroup v2 is all there is. */
    public boolean isPurelyUnified() {
        return cgroups.size() == 1 && cgroups.get(0).unified();
    }

    /** Returns whether a cgroup's directory lies in the cgroup v2 hierarchy. */
    public boolean isUnified(String dir) {
        return unified().filter(v2 -> dir.startsWith(v2.mountPoint() + "/")).isPresent();
    }

    /** Returns the hierarchies in which this user can make a container's cgroup. */
    public List<CgroupHierarchy> usableCgroups() {
        boolean usable = isRoot() || isPurelyUnified() && cgroups.get(0).delegated();
        return usable ? cgroups : List.of();
    }

    /** Returns the hierarchy in which limits of {@code controller} are set. */
    public Optional<CgroupHierarchy> hierarchyOf(String controller) {
        return cgroups.stream().filter(hierarchy -> hierarchy.has(controller)).findFirst();
    }
}
