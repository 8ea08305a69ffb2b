package dev.gantry.plan

import static dev.gantry.plan.PlanCompilerSpec.indices

import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.error.ConfigException
import dev.gantry.oci.Configs
import spock.lang.Specification

/** Limits of a config become writes to files of cgroup v1 or v2, in the order that the kernel takes them in. */
class CgroupPlanSpec extends Specification {
    def "on cgroup v1: #resources"() {
        expect:
        limits(Hosts.HYBRID, resources) == wanted

        where:
        resources                                        || wanted
        [:]                                              || []
        [memory: [limit: 100, swap: 250, reservation: 50, swappiness: 0]] ||
            ['memory.limit_in_bytes=100', 'memory.memsw.limit_in_bytes=250', 'memory.soft_limit_in_bytes=50',
                'memory.swappiness=0']
        [memory: [limit: -1, swap: -1, reservation: -1]] ||
            ['memory.limit_in_bytes=-1', 'memory.memsw.limit_in_bytes=-1', 'memory.soft_limit_in_bytes=-1']
        [memory: [limit: 0, swap: 0, reservation: 0]]    || []
        [memory: [disableOOMKiller: true]]               || ['memory.oom_control=1']
        [memory: [disableOOMKiller: false]]              || []
        [cpu: [shares: 512]]                             || ['cpu.shares=512']
        [cpu: [quota: 50_000, period: 100_000]]          || ['cpu.cfs_period_us=100000', 'cpu.cfs_quota_us=50000']
        [cpu: [quota: -1]]                               || ['cpu.cfs_quota_us=-1']
        [cpu: [shares: 0, quota: 0, period: 0]]          || []
        [cpu: [cpus: '0-1', mems: '0', idle: 1]]         || ['cpu.idle=1', 'cpuset.cpus=0-1', 'cpuset.mems=0']
        [memory: [limit: -1]]                            ||
            ['memory.memsw.limit_in_bytes=-1', 'memory.limit_in_bytes=-1']
        [memory: [kernelTCP: 9, useHierarchy: true]]     ||
            ['memory.kmem.tcp.limit_in_bytes=9', 'memory.use_hierarchy=1']
        [cpu: [burst: 0, realtimeRuntime: 5, realtimePeriod: 9]] ||
            ['cpu.rt_period_us=9', 'cpu.rt_runtime_us=5', 'cpu.cfs_burst_us=0']
        [blockIO: [weight: 300, leafWeight: 200]]        || ['blkio.bfq.weight=300', 'blkio.leaf_weight=200']
        [blockIO: [weightDevice: [[major: 8, minor: 0, weight: 100, leafWeight: 50]]]] ||
            ['blkio.bfq.weight_device=8:0 100', 'blkio.leaf_weight_device=8:0 50']
        [blockIO: [throttleReadBpsDevice: [[major: 8, minor: 1, rate: 7]],
            throttleWriteIOPSDevice: [[major: 8, minor: 1, rate: 0]]]] ||
            ['blkio.throttle.read_bps_device=8:1 7', 'blkio.throttle.write_iops_device=8:1 0']
        [pids: [limit: 10]]                              || ['pids.max=10']
        [pids: [limit: -1]]                              || ['pids.max=max']
        [pids: [limit: 0]]                               || ['pids.max=0']
        [pids: [:]]                                      || []
    }

    def "on cgroup v2: #resources"() {
        expect:
        writes(Hosts.UNIFIED, resources) == wanted

        where:
        resources                                                      || wanted
        [memory: [limit: 100]]                                         || ['memory.max=100']
        [memory: [limit: 100, swap: 250, reservation: 50]]             ||
            ['memory.max=100', 'memory.swap.max=150', 'memory.low=50']
        [memory: [limit: 100, swap: 100]]                              || ['memory.max=100', 'memory.swap.max=0']
        [memory: [limit: 100, swap: 0]]                                || ['memory.max=100']
        [memory: [limit: 100, swap: -1]]                               || ['memory.max=100', 'memory.swap.max=max']
        [memory: [limit: -1, swap: 250]]                               || ['memory.max=max', 'memory.swap.max=250']
        [memory: [limit: -1]]                                          || ['memory.max=max', 'memory.swap.max=max']
        [cpu: [burst: 5]]                                              || ['cpu.max.burst=5']
        [blockIO: [weight: 10]]                                        || ['io.weight=1']
        [blockIO: [weight: 1000]]                                      || ['io.weight=10000']
        [blockIO: [weight: 500]]                                       || ['io.weight=4950']
        [blockIO: [weightDevice: [[major: 8, minor: 0, weight: 100]]]] || ['io.bfq.weight=8:0 100']
        [blockIO: [throttleReadBpsDevice: [[major: 8, minor: 1, rate: 7]],
            throttleWriteBpsDevice: [[major: 8, minor: 1, rate: 0]]]] ||
            ['io.max=8:1 rbps=7', 'io.max=8:1 wbps=max']
        [blockIO: [throttleReadIOPSDevice: [[major: 8, minor: 1, rate: 7]],
            throttleWriteIOPSDevice: [[major: 8, minor: 1, rate: 8]]]] ||
            ['io.max=8:1 riops=7', 'io.max=8:1 wiops=8']
        [memory: [limit: -1, swap: -1, reservation: -1]]               ||
            ['memory.max=max', 'memory.swap.max=max', 'memory.low=max']
        [memory: [limit: 0, reservation: 0]]                           || []
        [memory: [swappiness: 60, disableOOMKiller: true]]             || []
        [cpu: [quota: 50_000, period: 100_000]]                        || ['cpu.max=50000 100000']
        [cpu: [quota: 50_000]]                                         || ['cpu.max=50000']
        [cpu: [quota: -1]]                                             || ['cpu.max=max']
        [cpu: [period: 10_000]]                                        || ['cpu.max=max 10000']
        [cpu: [quota: 0, period: 10_000]]                              || ['cpu.max=max 10000']
        [cpu: [shares: 0, quota: 0, period: 0]]                        || []
        [cpu: [idle: 0]]                                               || ['cpu.idle=0']
        [cpu: [cpus: '0-1', mems: '0']]                                || ['cpuset.cpus=0-1', 'cpuset.mems=0']
        [pids: [limit: 10]]                                            || ['pids.max=10']
        [pids: [limit: -1]]                                            || ['pids.max=max']
        [unified: ['io.weight': '50', 'memory.high': '9']]             || ['io.weight=50', 'memory.high=9']
        [devices: [[allow: false]]]                                    || []
    }

    def "#shares cpu shares are a weight of #weight"() {
        expect:
        writes(Hosts.UNIFIED, [cpu: [shares: shares]]) == ["cpu.weight=$weight"]

        where:
        shares  || weight
        1       || 1
        2       || 1
        512     || 20
        1024    || 39
        2048    || 79
        262_144 || 10_000
        999_999 || 10_000
    }

    def "limits of rarer controllers, v1 #v1 and v2 #v2: #resources"() {
        expect:
        writes(host('/cg/rare', false, controller), resources) == v1
        writes(host('/cg', true, controller), resources) == v2

        where:
        controller | resources                         || v1                                     | v2
        'hugetlb'  | [hugepageLimits: [[pageSize: '2MB', limit: 4194304]]] ||
            ['hugetlb.2MB.limit_in_bytes=4194304'] | ['hugetlb.2MB.max=4194304']
        'rdma'     | [rdma: [mlx4_0: [hcaHandles: 2, hcaObjects: 3]]] ||
            ['rdma.max=mlx4_0 hca_handle=2 hca_object=3'] | ['rdma.max=mlx4_0 hca_handle=2 hca_object=3']
        'rdma'     | [rdma: [mlx4_0: [hcaHandles: 2]]] ||
            ['rdma.max=mlx4_0 hca_handle=2 hca_object=max'] | ['rdma.max=mlx4_0 hca_handle=2 hca_object=max']
    }

    private static Host host(String mountPoint, boolean unified, String controller) {
        new Host([new CgroupHierarchy(mountPoint, [controller], unified, '/')], 0, 0)
    }

    def "a limit tells which property it is for"() {
        expect:
        plan(Hosts.UNIFIED, [resources: [cpu: cpu]]).steps().find { it.step() instanceof RuntimeStep.WriteCgroup }
            .origin().ociPath()
                == "linux.resources.$origin"

        where:
        cpu                     || origin
        [period: 1000]          || 'cpu.period'
        [quota: 1000]           || 'cpu.quota'
        [quota: 1, period: 2]   || 'cpu.quota'
        [cpus: '0']             || 'cpu.cpus'
    }

    def "without a device rule all are denied but the usual ones"() {
        when:
        def devices = writes(Hosts.HYBRID, [:])

        then:
        devices[0] == 'devices.deny=a'
        devices.tail().every { it.startsWith('devices.allow=') }
        devices.size() == 11
    }

    def "a device rule on cgroup v1: #rule"() {
        given:
        def first = writes(Hosts.HYBRID, [devices: [rule]])

        expect: 'what every container may do follows'
        first.dropRight(10) == wanted
        first.takeRight(10) == [
                'devices.allow=c *:* m', 'devices.allow=b *:* m', 'devices.allow=c 1:3 rwm', 'devices.allow=c 1:8 rwm',
                'devices.allow=c 1:7 rwm', 'devices.allow=c 5:0 rwm', 'devices.allow=c 1:5 rwm',
                'devices.allow=c 1:9 rwm', 'devices.allow=c 136:* rwm', 'devices.allow=c 5:2 rwm']

        where:
        rule                                                          || wanted
        [allow: false, access: 'rwm']                                 || ['devices.deny=a']
        [access: 'rwm']                                               || ['devices.deny=a']
        [allow: true]                                                 || ['devices.allow=a']
        [allow: true, type: 'a', major: -1, minor: -1]                || ['devices.allow=a']
        [allow: true, type: 'c', major: 10, minor: 229, access: 'rw'] || ['devices.deny=a', 'devices.allow=c 10:229 rw']
        [allow: false, type: 'b', major: 8, access: 'm']              || ['devices.deny=a', 'devices.deny=b 8:* m']
        [allow: true, type: 'c', minor: 3]                            || ['devices.deny=a', 'devices.allow=c *:3 rwm']
        [allow: true, type: 'b', major: -1, minor: -1, access: 'r']   || ['devices.deny=a', 'devices.allow=b *:* r']
        // for the kernel an `a` is all of all devices
        [allow: true, major: 10, minor: 229, access: 'rw']            ||
            ['devices.deny=a', 'devices.allow=b 10:229 rw', 'devices.allow=c 10:229 rw']
        [allow: true, type: 'a', access: 'r']                         ||
            ['devices.deny=a', 'devices.allow=b *:* r', 'devices.allow=c *:* r']
    }

    def "on cgroup v2 the rules are one program, which says what is not said"() {
        when:
        def guard = plan(Hosts.UNIFIED,
            [resources: [devices: [[allow: false], [allow: true, type: 'c', major: 1, minor: -1, access: 'wra']]]])
                .steps()*.step().findAll { it instanceof RuntimeStep.GuardDevices }

        then:
        guard.size() == 1
        guard[0].details().startsWith('deny a *:* rwm, allow c 1:* rw, allow c *:* m, ')
        guard[0].rules().size() == 12
    }

    def "more device rules than a program can hold are refused on cgroup v2"() {
        when:
        plan(Hosts.UNIFIED, [resources: [devices: [[allow: true]] * 2001]])

        then:
        def e = thrown(ConfigException)
        e.line().startsWith('at most 2000 device rules fit into the program that guards a cgroup v2')
    }

    def "device rules keep their order"() {
        expect:
        writes(Hosts.HYBRID, [devices: [[allow: false], [allow: true, type: 'c', major: 1, minor: 2],
            [type: 'b', major: 7]]]).take(3)
                == ['devices.deny=a', 'devices.allow=c 1:2 rwm', 'devices.deny=b 7:* rwm']
    }

    def "on cgroup v1 `#path` is #cpu, and #memory"() {
        given:
        def config = config([cgroupsPath: path])

        expect:
        PlanCompiler.cgroupDirs(config, Hosts.HYBRID, 'box') == dirs(Scenarios.plan(config, Hosts.HYBRID))
        [dirs(Scenarios.plan(config, Hosts.HYBRID))[0], dirs(Scenarios.plan(config, Hosts.HYBRID))[3]] == [cpu, memory]

        where: 'this process is in `/` of cpu, in `/build/7` of memory'
        path              || cpu                           | memory
        null              || '/sys/fs/cgroup/cpu/box'      | '/sys/fs/cgroup/memory/build/7/box'
        ''                || '/sys/fs/cgroup/cpu/box'      | '/sys/fs/cgroup/memory/build/7/box'
        'a/b'             || '/sys/fs/cgroup/cpu/a/b'      | '/sys/fs/cgroup/memory/build/7/a/b'
        '/a/b'            || '/sys/fs/cgroup/cpu/a/b'      | '/sys/fs/cgroup/memory/a/b'
        '/a//./b/'        || '/sys/fs/cgroup/cpu/a/b'      | '/sys/fs/cgroup/memory/a/b'
        '../../../a'      || '/sys/fs/cgroup/cpu/a'        | '/sys/fs/cgroup/memory/a'
        '/../../../a'     || '/sys/fs/cgroup/cpu/a'        | '/sys/fs/cgroup/memory/a'
        '/a/../../b'      || '/sys/fs/cgroup/cpu/b'        | '/sys/fs/cgroup/memory/b'
        '../x'            || '/sys/fs/cgroup/cpu/x'        | '/sys/fs/cgroup/memory/build/x'
    }

    def "on cgroup v2, from `#own`, `#path` is `#dir`"() {
        expect:
        dirs(Scenarios.plan(config([cgroupsPath: path]), Hosts.unified(own))) == [dir]

        where:
        own                      | path     || dir
        '/'                      | null     || '/sys/fs/cgroup/box'
        '/session'               | null     || '/sys/fs/cgroup/box'
        '/user.slice/session'    | null     || '/sys/fs/cgroup/user.slice/box'
        '/user.slice/session'    | 'a/b'    || '/sys/fs/cgroup/user.slice/a/b'
        '/user.slice/session'    | '/a/b'   || '/sys/fs/cgroup/a/b'
        '/user.slice/session'    | '../../a' || '/sys/fs/cgroup/a'
    }

    def "a single v1 hierarchy has no rule against processes beside cgroups"() {
        given:
        def host = new Host([new CgroupHierarchy('/cg/systemd', ['name=systemd'], false, '/a/b')], 0, 0)

        expect:
        dirs(Scenarios.plan(config([:]), host)) == ['/cg/systemd/a/b/box']
    }

    def "without root or without hierarchies there is no cgroup"() {
        given:
        def plan = plan(host, [resources: [pids: [limit: 1]]])

        expect:
        plan.preparation() == 0
        indices(plan, ProcessStep.JoinCgroup) == []
        plan.cgroupOfBirth().isEmpty()

        where:
        host << [Hosts.ROOTLESS, new Host([], 0, 0)]
    }

    def "a limit whose controller is nowhere is refused"() {
        when:
        limits(Hosts.COMBINED, [memory: [limit: 1], pids: [limit: 1], cpu: [shares: 4]])

        then:
        def e = thrown(ConfigException)
        e.problems()*.ociPath() == ['linux.resources.memory', 'linux.resources.pids.limit']
    }

    def "controllers are handed down where v2 is alone"() {
        expect:
        handedDown(Hosts.UNIFIED) == [['cpuset', 'cpu', 'io', 'memory', 'pids']]
        handedDown(Hosts.HYBRID).every { it == [] }
        handedDown(new Host([new CgroupHierarchy('/cg/cpu', ['cpu'], false, '/')], 0, 0)) == [[]]
    }

    def "beside v1 hierarchies only what is needed is handed down"() {
        given:
        def host = new Host(Hosts.HYBRID.cgroups().dropRight(1) +
            new CgroupHierarchy('/cg/unified', ['hugetlb', 'misc'], true, '/'), 0, 0)

        expect:
        handedDown(host).every { it == [] }
        handedDown(host, [resources: [hugepageLimits: [[pageSize: '2MB', limit: 4194304]]]]).last() == ['hugetlb']
    }

    private static List<List<String>> handedDown(Host host, Map linux = [:]) {
        plan(host, linux).steps()*.step().findAll { it instanceof RuntimeStep.MakeCgroup }*.handDown()
    }

    private static LaunchPlan plan(Host host, Map linux) {
        Scenarios.plan(config(linux), host)
    }

    private static config(Map linux) {
        Configs.of(ociVersion: '1.3.0', root: [path: 'rootfs'], linux: linux)
    }

    private static List<String> dirs(LaunchPlan plan) {
        plan.steps()*.step().findAll { it instanceof RuntimeStep.MakeCgroup }*.dir()
    }

    private static List<String> limits(Host host, Map resources) {
        writes(host, resources).findAll { !it.startsWith('devices.') }
    }

    private static List<String> writes(Host host, Map resources) {
        plan(host, [resources: resources]).steps()*.step()
                .findAll { it instanceof RuntimeStep.WriteCgroup }
                .collect { "${it.file() - ~'.*/'}=${it.value()}".toString() }
    }
}
