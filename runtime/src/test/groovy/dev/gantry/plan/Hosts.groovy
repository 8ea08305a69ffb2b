package dev.gantry.plan

import static dev.gantry.plan.HostEntry.Kind.EMPTY
import static dev.gantry.plan.HostEntry.Kind.LAYER
import static dev.gantry.plan.HostEntry.Kind.WITHOUT_MOUNTS

import dev.gantry.oci.IdMapping

/** Machines to plan for. */
class Hosts {
    private static final TOP = [
            HostEntry.link('/bin', 'usr/bin'), HostEntry.directory('/home', LAYER, 0755),
            HostEntry.directory('/run', EMPTY, 0755)]
    private static final OWNED = TOP + HostEntry.directory('/srv', WITHOUT_MOUNTS, 0750)
    private static final FOREIGN = TOP + HostEntry.split('/srv', 0750, [
            HostEntry.directory('/srv/data', LAYER, 0700), HostEntry.link('/srv/link', 'data'),
            HostEntry.directory('/srv/mnt', EMPTY, 01777)])
    private static final OWN = [new IdMapping(0, 1000, 1), new IdMapping(1, 100_000, 65_536)]

    /**
     * Cgroup v1 with a v2 hierarchy beside it that has no controllers; this process is in a cgroup of its own in one.
     */
    static final Host HYBRID = v1('cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids',
        'name=systemd')

    static final Host COMBINED = new Host([
            new CgroupHierarchy('/sys/fs/cgroup/cpu,cpuacct', ['cpu', 'cpuacct'], false, '/'),
            new CgroupHierarchy('/sys/fs/cgroup/systemd', ['name=systemd'], false, '/'),
    ], 0, 0)

    static final Host UNIFIED = unified('/user.slice/session-1.scope')

    static final Host LABELLING = new Host(HYBRID.cgroups(), 0, 0, [], [], [], SecurityModule.values() as Set)
    static final Host WITH_TOP = new Host(HYBRID.cgroups(), 0, 0, [], [], OWNED, [] as Set)
    static final Host ROOTLESS = new Host(UNIFIED.cgroups(), 1000, 1000)
    static final Host SUBORDINATE = new Host(UNIFIED.cgroups(), 1000, 1000, OWN, OWN, FOREIGN, [] as Set)

    static Host unified(String ownPath) {
        new Host([new CgroupHierarchy('/sys/fs/cgroup', ['cpuset', 'cpu', 'io', 'memory', 'pids'], true, ownPath)], 0,
            0)
    }

    private static Host v1(String... controllers) {
        def hierarchies = controllers.collect {
            new CgroupHierarchy("/sys/fs/cgroup/${it - 'name='}", [it], false, it == 'memory' ? '/build/7' : '/')
        }
        new Host(hierarchies + new CgroupHierarchy('/sys/fs/cgroup/unified', [], true, '/'), 0, 0)
    }
}
