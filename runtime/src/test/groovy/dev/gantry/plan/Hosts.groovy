package dev.gantry.plan

import dev.gantry.oci.IdMapping

/** Machines to plan for. */
class Hosts {
    private static final TOP = [
            new TopDirectory('bin', 'usr/bin', false), new TopDirectory('mnt', null, true), new TopDirectory('proc', null, false),
            new TopDirectory('usr', null, false)]
    private static final OWN = [new IdMapping(0, 1000, 1), new IdMapping(1, 100_000, 65_536)]

    /** Cgroup v1 with a v2 hierarchy beside it that has no controllers; this process is in a cgroup of its own in one. */
    static final Host HYBRID = v1('cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids', 'name=systemd')

    static final Host COMBINED = new Host([
            new CgroupHierarchy('/sys/fs/cgroup/cpu,cpuacct', ['cpu', 'cpuacct'], false, '/'),
            new CgroupHierarchy('/sys/fs/cgroup/systemd', ['name=systemd'], false, '/'),
    ], 0, 0)

    static final Host UNIFIED = unified('/user.slice/session-1.scope')

    static final Host LABELLING = new Host(HYBRID.cgroups(), 0, 0, [], [], [], SecurityModule.values() as Set)
    static final Host WITH_TOP = new Host(HYBRID.cgroups(), 0, 0, [], [], TOP, [] as Set)
    static final Host ROOTLESS = new Host(UNIFIED.cgroups(), 1000, 1000)
    static final Host SUBORDINATE = new Host(UNIFIED.cgroups(), 1000, 1000, OWN, OWN, TOP, [] as Set)

    static Host unified(String ownPath) {
        new Host([new CgroupHierarchy('/sys/fs/cgroup', ['cpuset', 'cpu', 'io', 'memory', 'pids'], true, ownPath)], 0, 0)
    }

    private static Host v1(String... controllers) {
        def hierarchies = controllers.collect {
            new CgroupHierarchy("/sys/fs/cgroup/${it - 'name='}", [it], false, it == 'memory' ? '/build/7' : '/')
        }
        new Host(hierarchies + new CgroupHierarchy('/sys/fs/cgroup/unified', [], true, '/'), 0, 0)
    }
}
