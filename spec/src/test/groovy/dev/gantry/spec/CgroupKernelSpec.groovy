package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.within

import dev.gantry.runtime.Internals
import dev.gantry.cgroup.Hierarchies
import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.kernel.Signal
import dev.gantry.oci.Capabilities
import dev.gantry.oci.DeviceRuleType
import dev.gantry.oci.HugepageLimit
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.Network
import dev.gantry.oci.NetworkPriority
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Pids
import dev.gantry.oci.Rdma
import dev.gantry.oci.Resources
import dev.gantry.oci.Seccomp
import dev.gantry.oci.SeccompAction
import dev.gantry.runtime.Container
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.HostCgroups
import dev.gantry.spec.support.LimitsSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.MemoryPressure
import dev.gantry.value.StepFailure
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import spock.lang.Requires

/**
 * Limits and their effect, counters, freezing, updates and events of containers, on cgroup v1 beside a v2 hierarchy.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Requires(value = { new File('/sys/fs/cgroup/memory/memory.limit_in_bytes').exists() },
    reason = 'the files are those of cgroup v1')
class CgroupKernelSpec extends LimitsSpecification {
    private static String onDisk(long rate) {
        "${disk(0).major()}:0 $rate"
    }

    def "#property is `#value` in `#file`"() {
        when:
        def container = start(limited(resources))

        then:
        file(container, controller, file) == value

        where:
        [property, file, limit, value] << [
            ['memory.limit', 'memory.limit_in_bytes', memory(limit: 64 * MIB), "${64 * MIB}"],
            ['memory.swap', 'memory.memsw.limit_in_bytes', memory(limit: 64 * MIB, swap: 96 * MIB), "${96 * MIB}"],
            ['memory.reservation', 'memory.soft_limit_in_bytes', memory(reservation: 32 * MIB), "${32 * MIB}"],
            ['memory.kernelTCP', 'memory.kmem.tcp.limit_in_bytes', memory(kernelTCP: 8 * MIB), "${8 * MIB}"],
            ['memory.swappiness', 'memory.swappiness', memory(swappiness: 7), '7'],
            ['memory.useHierarchy', 'memory.use_hierarchy', memory(useHierarchy: true), '1'],
            ['cpu.shares', 'cpu.shares', cpu(shares: 512), '512'],
            ['cpu.quota', 'cpu.cfs_quota_us', cpu(quota: 50_000, period: 100_000), '50000'],
            ['cpu.period', 'cpu.cfs_period_us', cpu(quota: 50_000, period: 200_000), '200000'],
            ['cpu.burst', 'cpu.cfs_burst_us', cpu(quota: 50_000, period: 100_000, burst: 20_000), '20000'],
            ['cpu.realtimePeriod', 'cpu.rt_period_us', cpu(realtimePeriod: 500_000), '500000'],
            ['cpu.realtimeRuntime', 'cpu.rt_runtime_us', cpu(realtimeRuntime: 0), '0'],
            ['cpu.idle', 'cpu.idle', cpu(idle: 1), '1'],
            ['cpu.cpus', 'cpuset.cpus', cpu(cpus: '0'), '0'],
            ['cpu.mems', 'cpuset.mems', cpu(mems: '0'), '0'],
            ['pids.limit', 'pids.max', new Pids(20), '20'],
            ['blockIO.weight', 'blkio.bfq.weight', blockIo(weight: 300), '300'],
            ['blockIO.throttleReadBpsDevice', 'blkio.throttle.read_bps_device',
                blockIo(throttleReadBpsDevice: [disk(1_000_000)]), onDisk(1_000_000)],
            ['blockIO.throttleWriteBpsDevice', 'blkio.throttle.write_bps_device',
                blockIo(throttleWriteBpsDevice: [disk(2_000_000)]), onDisk(2_000_000)],
            ['blockIO.throttleReadIOPSDevice', 'blkio.throttle.read_iops_device',
                blockIo(throttleReadIOPSDevice: [disk(300)]), onDisk(300)],
            ['blockIO.throttleWriteIOPSDevice', 'blkio.throttle.write_iops_device',
                blockIo(throttleWriteIOPSDevice: [disk(400)]), onDisk(400)],
        ]
        resources = [(property.tokenize('.')[0]): limit]
        controller = file.tokenize('.')[0]
    }

    def "a parent that is there already and has no CPUs or memory nodes gets its own parent's, at each level"() {
        given:
        def hierarchy = Hierarchies.read().find { it.has('cpuset') && !it.unified() }
        def pod = "pod-${newId()}"
        def top = Path.of(hierarchy.mountPoint() + hierarchy.ownPath(), pod)
        def burstable = Files.createDirectories(top.resolve('burstable'))
        assert Files.readString(burstable.resolve('cpuset.cpus')).strip() == ''

        when:
        def container = start(withLinux(config(['sleep', '100']),
            [cgroupsPath: (hierarchy.ownPath() + "/$pod/burstable/box").toString().replaceFirst('^//', '/')]))

        then:
        [top, burstable, burstable.resolve('box')].every {
            Files.readString(it.resolve('cpuset.cpus')) == Files.readString(top.parent.resolve('cpuset.cpus'))
        }
        container.exec('true').exit() == 0

        cleanup:
        container?.deleteForcibly()
        HostCgroups.remove("${hierarchy.ownPath()}/$pod")
    }

    def "cgroups deeper than a path can be long, made by a container with #which, are no hiding place: #operation"() {
        given:
        def done = bundle.resolve('rootfs/tmp/deep')
        def container = start(making(DEEP + 'echo >/tmp/deep; ' +
            (freezes ? 'echo $$ >cgroup.procs; echo FROZEN >freezer.state; ' : '') + 'exec sleep 1000', hostPids))
        def busy = container.state().cgroups().findAll { !it.contains('/cpuset/') }.size() + 1

        expect:
        within(60) {
            Files.exists(done) && container.processes().size() == busy &&
                new File("/proc/${container.state().pid()}/stat").text.contains(freezes ? ') D ' : ') S ')
        }
        container.ps().size() == busy

        when:
        if (operation == 'kill') {
            container.kill(Signal.KILL.number())
            container.waitFor()
        } else if (operation == 'delete what has ended') {
            kernel.kill(container.state().pid(), Signal.KILL)
            container.waitFor()
        }

        then:
        operation != 'kill' || within(10) { container.processes().isEmpty() }

        when:
        def dirs = container.state().cgroups()
        operation == 'delete -f' ? container.deleteForcibly() : container.delete()

        then:
        dirs.every { !Files.exists(Path.of(it)) }

        cleanup:
        Files.deleteIfExists(done)

        where:
        operation               | hostPids | freezes
        'kill'                  | false    | false
        'kill'                  | true     | false
        'kill'                  | false    | true
        'kill'                  | true     | true
        'delete -f'             | false    | false
        'delete -f'             | true     | false
        'delete -f'             | false    | true
        'delete -f'             | true     | true
        'delete what has ended' | false    | false
        'delete what has ended' | true     | false

        which = (hostPids ? 'the pids of the host' : 'pids of its own') + (freezes ? ', which freezes itself' : '')
    }

    /**
     * In each hierarchy a process, 25 levels down; the last is the freezer's, in whose deepest cgroup the shell goes
     * on.
     */
    private static final String DEEP = """\
        n=\$(printf '\\377'; printf 'a%.0s' \$(seq 200))
        for h in \$(ls -d /sys/fs/cgroup/* | grep -v 'cpuset\\|freezer') /sys/fs/cgroup/freezer; do
            cd \$h
            for i in \$(seq 25); do mkdir "\$n" && cd -P "\$n" 2>/dev/null || exit 1; done
            sleep 1000 & echo \$! >cgroup.procs
        done
        """.stripIndent()

    private OciConfig making(String script, boolean hostPids) {
        def base = withNamespace(config(['sh', '-c', script]), NamespaceType.CGROUP)
        def mounts = base.mounts()
            .collect { it.type() == 'cgroup' ? it.toBuilder().options(it.options() - 'ro' + 'rw').build() : it }
        withLinux(base.toBuilder().mounts(mounts).build(),
            [namespaces: base.linux().namespaces().findAll { !hostPids || it.type() != NamespaceType.PID }])
    }

    def "a parent with CPUs of its own keeps them"() {
        given:
        def hierarchy = Hierarchies.read().find { it.has('cpuset') && !it.unified() }
        def pod = "pod-${newId()}"
        def top = Files.createDirectory(Path.of(hierarchy.mountPoint() + hierarchy.ownPath(), pod))
        Files.writeString(top.resolve('cpuset.cpus'), '0')

        when:
        def container = start(withLinux(config(['sleep', '100']),
            [cgroupsPath: (hierarchy.ownPath() + "/$pod/box").toString().replaceFirst('^//', '/')]))

        then:
        Files.readString(top.resolve('cpuset.cpus')).strip() == '0'
        Files.readString(top.resolve('box/cpuset.cpus')).strip() == '0'

        cleanup:
        container?.deleteForcibly()
        HostCgroups.remove("${hierarchy.ownPath()}/$pod")
    }

    def "with #what the first process runs, and makes #forks other"() {
        when:
        def result = run(limited(resources, ['sh', '-c', 'echo runs; (echo forks); true']))

        then:
        result.text().readLines()[0] == 'runs'
        result.text().contains('forks') == (forks == 'one')

        and: 'what is added is over the limit, and told so'
        def container = start(limited(resources, ['sleep', '100']))
        file(container, 'pids', 'pids.max') == resources.pids.limit().toString()
        forks == 'one' || addedIsRefused(container)

        where:
        what                 | resources             || forks
        'a limit of 0'       | [pids: new Pids(0)]   || 'no'
        'a limit of 1'       | [pids: new Pids(1)]   || 'no'
        'a limit of 2'       | [pids: new Pids(2)]   || 'one'
    }

    private boolean addedIsRefused(Container container) {
        try {
            container.exec('true')
            return false
        } catch (StepFailure e) {
            return e.message.contains('resource temporarily unavailable (EAGAIN)')
        }
    }

    def "a limit whose controller this machine lacks is refused: #property"() {
        when:
        Internals.start(gantry, newId(), definition(limited(resources)), stdio())

        then:
        def e = thrown(ConfigException)
        e.line() == "the cgroup controller `$controller` is not available here [linux.resources.$property]"

        where:
        property             | controller | resources
        'network.classID'    | 'net_cls'  | [network: new Network(5L, [])]
        'rdma'               | 'rdma'     | [rdma: [mlx4_0: new Rdma(2L, 2L)]]
    }

    def "limits of a controller that is mounted elsewhere: #file is `#value`"() {
        given:
        def point = host.hierarchy(Files.createDirectory(shared.resolve(controller)), controller)
        def other = Gantry.open(GantryOptions.at(stateRoot))
        def container = track(Internals.start(other, newId(), definition(limited(resources)), stdio()))

        expect:
        new File(container.state().cgroups().find { it.startsWith("$point/") }, file).text.trim().contains(value)

        cleanup:
        container?.deleteForcibly()
        other?.close()

        where:
        controller | file                         | resources                                             || value
        'hugetlb'  | 'hugetlb.2MB.limit_in_bytes' | [hugepageLimits: [new HugepageLimit('2MB', 4 * MIB)]] ||
            "${4 * MIB}"
        'net_cls'  | 'net_cls.classid'            | [network: new Network(0x100001L, [])]                 || '1048577'
        'net_prio' | 'net_prio.ifpriomap'         | [network: new Network(null, [new NetworkPriority('lo', 5L)])] ||
            'lo 5'
    }

    def "a hierarchy that another mount covers is not used: #controller"() {
        given:
        def covered = Internals.host(gantry).cgroups()
            .find { it.unified() == unified && (unified || it.has(controller)) }.mountPoint()
        host.mount(Path.of(covered), '-t', 'tmpfs', 'none')
        def other = Gantry.open(GantryOptions.at(stateRoot))

        def container = track(Internals.start(other, newId(), definition(config(['sleep', '100'])), stdio()))

        expect:
        !Internals.host(other).cgroups()*.mountPoint().contains(covered)
        container.state().cgroups().every { !it.startsWith("$covered/") }
        container.exec('true').status().shell() == 0

        cleanup:
        container?.deleteForcibly()
        other?.close()

        where:
        controller | unified
        'cgroup2'  | true
        'pids'     | false
    }

    def "a limit of a controller that another mount covers is refused"() {
        given:
        host.mount(Path.of('/sys/fs/cgroup/pids'), '-t', 'tmpfs', 'none')
        def other = Gantry.open(GantryOptions.at(stateRoot))

        when:
        Internals.start(other, newId(), definition(limited([pids: new Pids(10)])), stdio())

        then:
        def e = thrown(ConfigException)
        e.message.contains('the cgroup controller `pids` is not available here')

        cleanup:
        other?.close()
    }

    def "a limit of memory that is too small for the init is what the error names: #bytes bytes, #profile"() {
        given:
        def limited = limited([memory: memory(limit: bytes)])
        def id = newId()

        when:
        Internals.start(gantry, id, definition(filter ? withLinux(limited, [seccomp: filter]) : limited), stdio())

        then:
        def e = thrown(ContainerException)
        e.line() == "start `$id`: memory ran out in the container's cgroup before its program began; " +
            "hint: raise linux.resources.memory.limit"
        e.kind() == ErrorKind.KERNEL

        where:
        bytes  | profile            | filter
        1024   | 'without a filter' | null
        1024   | 'with a filter'    | new Seccomp(SeccompAction.ALLOW, null, [], [], null, null, [])
        65536  | 'with a filter'    | new Seccomp(SeccompAction.ALLOW, null, [], [], null, null, [])
    }

    def "a process that is added where no memory is left says so"() {
        given:
        def config = withProcess(limited([memory: memory(limit: 8 * MIB)]), [args: SLEEP])

        expect: 'at the first or a later try: ' +
            'the kernel may have in hand what a process needs, or not enough for a clone'
        (1..50).any {
            refused(config) == "memory ran out in the container's cgroup before its program began; " +
                "hint: raise linux.resources.memory.limit"
        }
    }

    /**
     * Adds a process to a container whose limit is what it uses; returns why there is none, or null if there may be
     * one.
     */
    private String refused(OciConfig config) {
        def container = start(config)
        def cgroup = container.state().cgroups().find { it.startsWith('/sys/fs/cgroup/memory/') }
        try {
            Files.writeString(Path.of(cgroup, 'memory.limit_in_bytes'),
                Files.readString(Path.of(cgroup, 'memory.usage_in_bytes')))
            container.exec(container.processFor(['true']).toBuilder().oomScoreAdj(1000).build())
            return null
        } catch (IOException busy) { // the kernel has more in hand than it said
            return null
        } catch (ContainerException e) {
            return e.line() - "exec in `${container.id()}`: "
        } finally {
            container.deleteForcibly()
        }
    }

    def "a container whose memory runs out may wait instead of being killed"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB, disableOOMKiller: true)]))

        expect:
        file(container, 'memory', 'memory.oom_control').startsWith('oom_kill_disable 1')
    }

    def "what cannot be written is an error with its property, and nothing is left"() {
        given:
        def id = newId()

        when:
        Internals.start(gantry, id, definition(limited([blockIO: blockIo(leafWeight: 100)])), stdio())

        then:
        def e = thrown(StepFailure)
        e.message.contains('blkio.leaf_weight')
        e.message.endsWith('[linux.resources.blockIO.leafWeight]')
        !Files.exists(stateRoot.resolve(id))
    }

    def "kernel memory is not limited, and that is said"() {
        expect:
        Internals.plan(start(limited([memory: memory(kernel: 8 * MIB)]))).warnings()*.text() ==
            ['kernel memory is not limited: Linux has given that up']
    }


    def "counters tell what was used"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB), pids: new Pids(20)],
            ['sh', '-c', 'dd if=/dev/zero of=/dev/null bs=16M count=40; exec sleep 100']))

        expect:
        within(10) {
            container.stats().cpu().total() > 0 && container.stats().memory().usage().max() > 16 * MIB &&
                container.stats().pids().current() == 1
        }
        with(container.stats()) {
            cpu().perCpu().size() == Runtime.runtime.availableProcessors()
            cpu().perCpu().sum() > 0
            memory().usage().limit() == 64 * MIB
            memory().usage().usage() > 0
            memory().raw().containsKey('rss')
            pids().current() == 1
            pids().limit() == 20
        }
    }

    def "an update changes what it says and nothing else, in the cgroup and in the config"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB),
            cpu: cpu(quota: 50_000, period: 100_000, shares: 512), pids: new Pids(20)]))

        when:
        container.update(Resources.builder().cpu(cpu(period: 200_000)).pids(new Pids(30)).build())

        then:
        file(container, 'cpu', 'cpu.cfs_period_us') == '200000'
        file(container, 'cpu', 'cpu.cfs_quota_us') == '50000'
        file(container, 'pids', 'pids.max') == '30'
        file(container, 'memory', 'memory.limit_in_bytes') == "${64 * MIB}"

        and:
        with(container.config().linux().resources()) {
            cpu() == cpu(quota: 50_000, period: 200_000, shares: 512)
            pids().limit() == 30
            memory().limit() == 64 * MIB
        }
    }

    def "memory and swap are raised and lowered together, in either direction"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB, swap: 64 * MIB)]))
        def both = { [
            file(container, 'memory', 'memory.limit_in_bytes'), file(container, 'memory', 'memory.memsw.limit_in_bytes')
        ]*.toLong().collect { (it / MIB).toLong() } }

        when:
        container.update(Resources.builder().memory(memory(limit: 128 * MIB, swap: 160 * MIB)).build())

        then:
        both() == [128, 160]

        when:
        container.update(Resources.builder().memory(memory(limit: 32 * MIB, swap: 40 * MIB)).build())

        then:
        both() == [32, 40]

        when:
        container.update(Resources.builder().memory(memory(limit: -1)).build())

        then:
        both().every { it > 1_000_000 }
    }

    def "a cgroupsPath that cannot be made is refused, and nothing is left of it: #what"() {
        given:
        def path = "${newId()}/$last".toString()
        def config = withLinux(config(), [cgroupsPath: path])
        def id = newId()

        when:
        Internals.start(gantry, id, definition(config), stdio())

        then:
        def e = thrown(ContainerException)
        e.message ==~ /(?s)start `$id`: make cgroup `.*: $reason \[linux.cgroupsPath]/
        !Files.exists(stateRoot.resolve(id))

        where:
        what                     | last           || reason
        'a control file'         | 'cgroup.procs' || /not a directory \(ENOTDIR\)/
        'a name that is no name' | 'x' * 5000     || /file name too long \(ENAMETOOLONG\)/
    }

    def "limits of which there is no room for a record are not changed"() {
        given: 'a state root that is full'
        def place = host.tmpfs(Files.createDirectories(shared.resolve('full')), 'mode=755,size=64k')
        def full = Gantry.open(GantryOptions.at(place.resolve('state')))
        def container = Internals.start(full, newId(), definition(limited([pids: new Pids(20)])), stdio())
        def filling = place.resolve('filling')
        try {
            Files.write(filling, new byte[64 * 1024])
            assert false: 'there is room for more'
        } catch (IOException expected) {
            assert expected.message.endsWith('No space left on device')
        }

        when:
        container.update(Resources.builder().pids(new Pids(30)).build())

        then:
        def e = thrown(ContainerException)
        e.message == "write `$place/state/${container.id()}/config.json`: no space left on device (ENOSPC)"
        container.cgroupFiles().read('pids.max') == '20'
        place.resolve("state/${container.id()}").toFile().list().findAll { it.endsWith('.next') } == []

        cleanup:
        Files.delete(filling)
        container.deleteForcibly()
        full.close()
    }

    def "of an update that the kernel refuses nothing stays: #changes"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB), pids: new Pids(20), cpu: cpu(shares: 512)]))

        when:
        container.update(Resources.builder().memory(memory(limit: 128 * MIB)).pids(new Pids(30)).cpu(changes).build())

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.KERNEL
        e.message.contains("[linux.resources.$property]")
        file(container, 'memory', 'memory.limit_in_bytes') == "${64 * MIB}"
        file(container, 'pids', 'pids.max') == '20'
        container.config().linux().resources().pids().limit() == 20

        where:
        changes            || property
        cpu(period: 100)   || 'cpu.period'
        cpu(idle: 3)       || 'cpu.idle'
        cpu(cpus: '4000')  || 'cpu.cpus'
    }

    def "a paused container is updated and stays paused"() {
        given:
        def container = start(limited([pids: new Pids(20)]))
        container.pause()

        when:
        container.update(Resources.builder().pids(new Pids(25)).build())

        then:
        container.status() == ContainerStatus.PAUSED
        file(container, 'pids', 'pids.max') == '25'
    }

    def "that memory gets short is told"() {
        given:
        def told = new CountDownLatch(1)
        def container = create(limited([memory: memory(limit: 24 * MIB)],
            ['sh', '-c', 'dd if=/dev/zero of=/tmp/big bs=1M count=64; rm /tmp/big']))
        container.onMemoryPressure(MemoryPressure.LOW) { told.countDown() }

        when:
        container.start()

        then:
        told.await(20, TimeUnit.SECONDS)
        container.waitFor()
    }

    private static String file(Container container, String controller, String name) {
        def dir = container.state().cgroups().find { it.startsWith("/sys/fs/cgroup/$controller/") }
        Files.readString(Path.of(dir, name)).trim()
    }
}
