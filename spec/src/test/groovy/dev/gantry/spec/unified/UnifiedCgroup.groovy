package dev.gantry.spec.unified

import static dev.gantry.spec.support.Eventually.within

import dev.gantry.runtime.Internals
import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.oci.Capabilities
import dev.gantry.oci.DeviceRuleType
import dev.gantry.oci.HugepageLimit
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.Network
import dev.gantry.oci.Pids
import dev.gantry.oci.Resources
import dev.gantry.oci.ThrottleDevice
import dev.gantry.runtime.Container
import dev.gantry.spec.PureCgroupV2KernelSpec
import dev.gantry.spec.support.LimitsSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.ExecOptions
import dev.gantry.value.MemoryPressure
import dev.gantry.value.StepFailure
import java.nio.file.Files
import java.nio.file.Path

/**
 * Limits and their effect, where cgroup v2 is all there is; run by {@link PureCgroupV2KernelSpec} in a kernel like
 * that.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class UnifiedCgroup extends LimitsSpecification {
    private static final ThrottleDevice DISK = new ThrottleDevice(98L, 0L, 1_000_000L)

    def "#property is `#value` in `#file`"() {
        expect:
        file(start(limited(resources)), file) == value

        where:
        property                  | file              | resources                                  || value
        'memory.limit'            | 'memory.max'      | [memory: memory(limit: 64 * MIB)]          || "${64 * MIB}"
        'memory.limit'            | 'memory.max'      | [memory: memory(limit: -1)]                || 'max'
        'memory.swap'             | 'memory.swap.max' | [memory: memory(limit: 64 * MIB, swap: 96 * MIB)] ||
            "${32 * MIB}"
        'memory.swap'             | 'memory.swap.max' | [memory: memory(limit: 64 * MIB, swap: 64 * MIB)] || '0'
        'memory.swap'             | 'memory.swap.max' | [memory: memory(limit: 64 * MIB, swap: -1)] || 'max'
        'memory.reservation'      | 'memory.low'      | [memory: memory(reservation: 32 * MIB)]    || "${32 * MIB}"
        'cpu.shares'              | 'cpu.weight'      | [cpu: cpu(shares: 1024)]                   || '39'
        'cpu.shares'              | 'cpu.weight'      | [cpu: cpu(shares: 2)]                      || '1'
        'cpu.shares'              | 'cpu.weight'      | [cpu: cpu(shares: 262_144)]                || '10000'
        'cpu.quota'               | 'cpu.max'         | [cpu: cpu(quota: 50_000)]                  || '50000 100000'
        'cpu.quota'               | 'cpu.max'         | [cpu: cpu(quota: 50_000, period: 200_000)] || '50000 200000'
        'cpu.period'              | 'cpu.max'         | [cpu: cpu(period: 200_000)]                || 'max 200000'
        'cpu.burst'               | 'cpu.max.burst'   | [cpu: cpu(quota: 50_000, period: 100_000, burst: 20_000)] ||
            '20000'
        'cpu.idle'                | 'cpu.idle'        | [cpu: cpu(idle: 1)]                        || '1'
        'pids.limit'              | 'pids.max'        | [pids: new Pids(20)]                       || '20'
        'pids.limit'              | 'pids.max'        | [pids: new Pids(-1)]                       || 'max'
        'throttleReadBpsDevice'   | 'io.max'          | [blockIO: blockIo(throttleReadBpsDevice: [DISK])] ||
            '98:0 rbps=1000000 wbps=max riops=max wiops=max'
        'throttleWriteBpsDevice'  | 'io.max'          | [blockIO: blockIo(throttleWriteBpsDevice: [DISK])] ||
            '98:0 rbps=max wbps=1000000 riops=max wiops=max'
        'throttleReadIOPSDevice'  | 'io.max'          | [blockIO: blockIo(throttleReadIOPSDevice: [DISK])] ||
            '98:0 rbps=max wbps=max riops=1000000 wiops=max'
        'throttleWriteIOPSDevice' | 'io.max'          | [blockIO: blockIo(throttleWriteIOPSDevice: [DISK])] ||
            '98:0 rbps=max wbps=max riops=max wiops=1000000'
        'unified'                 | 'memory.high'     | [unified: ['memory.high': "${48 * MIB}".toString()]] ||
            "${48 * MIB}"
        'unified'                 | 'pids.max'        | [pids: new Pids(20), unified: ['pids.max': '7']] || '7'
    }

    def "with a limit of #limit the first process runs, and makes no other"() {
        expect:
        run(limited(resources, ['sh', '-c', 'echo runs; (echo forks); true'])).text()
            .with { contains('runs') && !contains('forks') }
        file(start(limited(resources)), 'pids.max') == "$limit"

        where:
        limit | resources
        0     | [pids: new Pids(0)]
        1     | [pids: new Pids(1)]
        1     | [unified: ['pids.max': '1']]
    }

    def "a limit whose controller this kernel lacks is refused: #property"() {
        when:
        Internals.start(gantry, newId(), definition(limited(resources)), stdio())

        then:
        def e = thrown(ConfigException)
        e.line() == "$message [linux.resources.$property]"

        where:
        property              | resources                         || message
        'hugepageLimits'      | [hugepageLimits: [new HugepageLimit('2MB', 4 * MIB)]] ||
            'the cgroup controller `hugetlb` is not available here'
        'network.classID'     | [network: new Network(5L, [])]    ||
            'the cgroup controller `net_cls` is not available here'
        'cpu.cpus'            | [cpu: cpu(cpus: '0')]             ||
            'the cgroup controller `cpuset` is not available here'
        'cpu.realtimeRuntime' | [cpu: cpu(realtimeRuntime: 1000)] || 'cgroup v2 has no limits of realtime processes'
    }

    def "what has no counterpart is not applied, and that is said: #property"() {
        expect:
        Internals.plan(start(limited(resources))).warnings()*.text() ==
            ['is not applied: cgroup v2 has nothing like it']

        where:
        property                  | resources
        'memory.swappiness'       | [memory: memory(swappiness: 7)]
        'memory.kernelTCP'        | [memory: memory(kernelTCP: 8 * MIB)]
        'memory.disableOOMKiller' | [memory: memory(disableOOMKiller: true)]
        'memory.useHierarchy'     | [memory: memory(useHierarchy: true)]
        'blockIO.leafWeight'      | [blockIO: blockIo(leafWeight: 100)]
    }

    def "a file of `unified` that is not there is an error with its property, and nothing is left"() {
        given:
        def id = newId()

        when:
        Internals.start(gantry, id, definition(limited([unified: ['memory.nothing': '1']])), stdio())

        then:
        def e = thrown(StepFailure)
        e.message.endsWith('[linux.resources.unified.memory.nothing]')
        !Files.exists(stateRoot.resolve(id))
    }

    def "the process is born in its cgroup, beside that of the caller, #how"() {
        given:
        def config = config(['cat', '/proc/self/cgroup'])

        expect:
        run(userNamespace ? withNamespace(config, NamespaceType.USER) : config).text() =~ /0::\/ci\/spec-\d+-\d+\n/

        where:
        how                        | userNamespace
        'created there'            | false
        'or moved, as its own root' | true
    }

    def "in a cgroup namespace the container's cgroup is the top, and can be looked at"() {
        given:
        def config = withNamespace(limited([pids: new Pids(20)], ['sh', '-c', 'cat /proc/self/cgroup; ' +
            'cat /sys/fs/cgroup/pids.max; mkdir /sys/fs/cgroup/x']), NamespaceType.CGROUP)

        expect:
        run(config).text() == "0::/\n20\nmkdir: can't create directory '/sys/fs/cgroup/x': Read-only file system\n"
    }

    def "an absolute path counts from the top of the hierarchy"() {
        expect:
        run(withLinux(config(['cat', '/proc/self/cgroup']), [cgroupsPath: '/other/place'])).text() ==
            '0::/other/place\n'

        cleanup:
        new File('/sys/fs/cgroup/other').delete()
    }

    def "counters tell what was used"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB), pids: new Pids(20)],
            ['sh', '-c', 'dd if=/dev/zero of=/dev/null bs=16M count=40; exec sleep 100']))

        expect:
        within(30) {
            container.stats().cpu().total() > 0 && container.stats().memory().usage().max() > 16 * MIB &&
                container.stats().pids().current() == 1
        }
        with(container.stats()) {
            cpu().perCpu() == []
            cpu().user() + cpu().kernel() > 0
            memory().usage().limit() == 64 * MIB
            memory().usage().usage() > 0
            memory().raw().containsKey('anon')
            pids().limit() == 20
        }
    }

    def "an update changes what it says and nothing else"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB),
            cpu: cpu(quota: 50_000, period: 100_000, shares: 512), pids: new Pids(20)]))

        when:
        container.update(Resources.builder().cpu(cpu(period: 200_000)).pids(new Pids(30)).build())

        then:
        file(container, 'cpu.max') == '50000 200000'
        file(container, 'pids.max') == '30'
        file(container, 'memory.max') == "${64 * MIB}"
        container.config().linux().resources().cpu() == cpu(quota: 50_000, period: 200_000, shares: 512)
    }

    def "of an update that the kernel refuses nothing stays"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB), pids: new Pids(20)]))

        when:
        container.update(Resources.builder().memory(memory(limit: 128 * MIB)).pids(new Pids(30))
            .cpu(cpu(quota: 50_000, period: 100)).build())

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.KERNEL
        e.message.endsWith('[linux.resources.cpu.quota]')
        file(container, 'memory.max') == "${64 * MIB}"
        file(container, 'pids.max') == '20'
        container.config().linux().resources().pids().limit() == 20
    }

    def "a limit below what is used is refused if that is asked for"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB)]))

        when:
        container.update(Resources.builder().memory(memory(limit: 4096, checkBeforeUpdate: true)).build())

        then:
        def e = thrown(ContainerException)
        e.message.contains('rejecting memory limit 4096 < usage ')
        file(container, 'memory.max') == "${64 * MIB}"
    }

    def "device rules change while the container runs, and back"() {
        given:
        def make = ['sh', '-c', 'rm -f /tmp/full; mknod /tmp/loop b 7 0 && rm /tmp/loop; head -c 1 /tmp/disk | wc -c']
        def deny = rule(false, null, null, null, 'rwm')
        def allow = rule(true, DeviceRuleType.BLOCK, 98, 0, 'r')
        def capable = new Capabilities(['CAP_MKNOD'], ['CAP_MKNOD'], [], ['CAP_MKNOD'], [])
        def container = start(withProcess(limited([devices: [deny]],
            ['sh', '-c', 'mknod /tmp/disk b 98 0; exec sleep 100']), [capabilities: capable]))

        expect:
        within(10) { new File(bundle.toFile(), 'rootfs/tmp/disk').exists() }
        container.exec(*make).text().trim() == '0'

        when:
        container.update(Resources.builder().devices([deny, allow]).build())

        then:
        container.exec(*make).text().trim() == '1'

        when:
        container.update(Resources.builder().devices([deny]).build())

        then:
        container.exec(*make).text().trim() == '0'

        cleanup:
        new File(bundle.toFile(), 'rootfs/tmp/disk').delete()
    }

    def "a paused container is updated and stays paused"() {
        given:
        def container = start(limited([pids: new Pids(20)]))
        container.pause()

        when:
        container.update(Resources.builder().pids(new Pids(25)).build())

        then:
        container.status() == ContainerStatus.PAUSED
        file(container, 'pids.max') == '25'
        file(container, 'cgroup.events').contains('frozen 1')
    }

    def "memory pressure is told only where the kernel measures it"() {
        when:
        start(config(SLEEP)).onMemoryPressure(MemoryPressure.LOW) { }

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.UNSUPPORTED
        e.message.startsWith('memory pressure is not measured by this kernel')
    }

    def "cgroups that the container has made below its own go with it, processes in them too"() {
        given:
        def mount = config().mounts()
            .collect { it.type() == 'cgroup' ? it.toBuilder().options(it.options() - 'ro' + 'rw').build() : it }
        def made = withNamespace(config(['sh', '-c', 'mkdir -p /sys/fs/cgroup/a/b && ' +
            '(echo 0 > /sys/fs/cgroup/a/b/cgroup.procs; exec sleep 100) & sleep 100']), NamespaceType.CGROUP)
        def container = start(made.toBuilder().mounts(mount).build())

        def dir = container.state().cgroups()[0]

        expect:
        within(10) { new File(dir, 'a/b/cgroup.procs').with { exists() && text.trim() } }

        when:
        container.deleteForcibly()

        then:
        !new File(dir).exists()
    }

    def "a process is added where the first one is, if the container hands controllers down, and nowhere above"() {
        given:
        def mount = config().mounts()
            .collect { it.type() == 'cgroup' ? it.toBuilder().options(it.options() - 'ro' + 'rw').build() : it }
        def script = 'cd /sys/fs/cgroup; mkdir first; echo 0 > first/cgroup.procs; ' +
            'echo +memory > cgroup.subtree_control; exec sleep 100'
        def made = withNamespace(config(['sh', '-c', script]), NamespaceType.CGROUP)
        def container = start(made.toBuilder().mounts(mount).build())
        assert within(10) { file(container, 'cgroup.subtree_control') == 'memory' }
        def dir = container.state().cgroups()[0]

        expect:
        container.exec('cat', '/proc/self/cgroup').text() == '0::/first\n'

        when:
        Internals.spawn(container, container.processFor(['true']), stdio(), ExecOptions.DEFAULT.inCgroups(['/']))

        then:
        def e = thrown(ContainerException)
        e.message == "exec in `${container.id()}`: adding pid of the new process to cgroups: " +
            "write $dir/cgroup.procs: device or resource busy"
    }

    private static String file(Container container, String name) {
        Files.readString(Path.of(container.state().cgroups()[0], name)).trim()
    }
}
