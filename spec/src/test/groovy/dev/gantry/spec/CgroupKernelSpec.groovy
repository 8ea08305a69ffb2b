package dev.gantry.spec

import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.error.StateException
import dev.gantry.oci.BlockIo
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Cpu
import dev.gantry.oci.DeviceRule
import dev.gantry.oci.DeviceRuleType
import dev.gantry.oci.HugepageLimit
import dev.gantry.oci.Memory
import dev.gantry.oci.Network
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Pids
import dev.gantry.oci.Rdma
import dev.gantry.oci.Resources
import dev.gantry.oci.ThrottleDevice
import dev.gantry.oci.WeightDevice
import dev.gantry.runtime.Container
import dev.gantry.runtime.ContainerStatus
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.runtime.MemoryPressure
import dev.gantry.runtime.StepFailure
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import spock.lang.Requires

/** Limits and their effect, counters, freezing, updates and events of containers, on cgroup v1 beside a v2 hierarchy. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Requires({ new File('/sys/fs/cgroup/memory/memory.limit_in_bytes').exists() })
class CgroupKernelSpec extends ContainerSpecification {
    private static final long MIB = 1024 * 1024
    private static final List<String> SLEEP = ['sleep', '100']

    def "#property is `#value` in `#file`"() {
        when:
        def container = start(limited(resources))

        then:
        file(container, controller, file) == value

        where:
        property                  | controller | file                              | resources                                                            || value
        'memory.limit'            | 'memory'   | 'memory.limit_in_bytes'           | [memory: memory(limit: 64 * MIB)]                                    || "${64 * MIB}"
        'memory.swap'             | 'memory'   | 'memory.memsw.limit_in_bytes'     | [memory: memory(limit: 64 * MIB, swap: 96 * MIB)]                    || "${96 * MIB}"
        'memory.reservation'      | 'memory'   | 'memory.soft_limit_in_bytes'      | [memory: memory(reservation: 32 * MIB)]                              || "${32 * MIB}"
        'memory.kernelTCP'        | 'memory'   | 'memory.kmem.tcp.limit_in_bytes'  | [memory: memory(kernelTCP: 8 * MIB)]                                 || "${8 * MIB}"
        'memory.swappiness'       | 'memory'   | 'memory.swappiness'               | [memory: memory(swappiness: 7)]                                      || '7'
        'memory.useHierarchy'     | 'memory'   | 'memory.use_hierarchy'            | [memory: memory(useHierarchy: true)]                                 || '1'
        'cpu.shares'              | 'cpu'      | 'cpu.shares'                      | [cpu: cpu(shares: 512)]                                              || '512'
        'cpu.quota'               | 'cpu'      | 'cpu.cfs_quota_us'                | [cpu: cpu(quota: 50_000, period: 100_000)]                           || '50000'
        'cpu.period'              | 'cpu'      | 'cpu.cfs_period_us'               | [cpu: cpu(quota: 50_000, period: 200_000)]                           || '200000'
        'cpu.burst'               | 'cpu'      | 'cpu.cfs_burst_us'                | [cpu: cpu(quota: 50_000, period: 100_000, burst: 20_000)]            || '20000'
        'cpu.realtimePeriod'      | 'cpu'      | 'cpu.rt_period_us'                | [cpu: cpu(realtimePeriod: 500_000)]                                  || '500000'
        'cpu.realtimeRuntime'     | 'cpu'      | 'cpu.rt_runtime_us'               | [cpu: cpu(realtimeRuntime: 0)]                                       || '0'
        'cpu.idle'                | 'cpu'      | 'cpu.idle'                        | [cpu: cpu(idle: 1)]                                                  || '1'
        'cpu.cpus'                | 'cpuset'   | 'cpuset.cpus'                     | [cpu: cpu(cpus: '0')]                                                || '0'
        'cpu.mems'                | 'cpuset'   | 'cpuset.mems'                     | [cpu: cpu(mems: '0')]                                                || '0'
        'pids.limit'              | 'pids'     | 'pids.max'                        | [pids: new Pids(20)]                                                 || '20'
        'blockIO.weight'          | 'blkio'    | 'blkio.bfq.weight'                | [blockIO: blockIo(weight: 300)]                                      || '300'
        'throttleReadBpsDevice'   | 'blkio'    | 'blkio.throttle.read_bps_device'  | [blockIO: blockIo(throttleReadBpsDevice: [disk(1_000_000)])]         || "${disk(0).major()}:0 1000000"
        'throttleWriteBpsDevice'  | 'blkio'    | 'blkio.throttle.write_bps_device' | [blockIO: blockIo(throttleWriteBpsDevice: [disk(2_000_000)])]        || "${disk(0).major()}:0 2000000"
        'throttleReadIOPSDevice'  | 'blkio'    | 'blkio.throttle.read_iops_device' | [blockIO: blockIo(throttleReadIOPSDevice: [disk(300)])]              || "${disk(0).major()}:0 300"
        'throttleWriteIOPSDevice' | 'blkio'    | 'blkio.throttle.write_iops_device'| [blockIO: blockIo(throttleWriteIOPSDevice: [disk(400)])]             || "${disk(0).major()}:0 400"
    }

    def "a limit whose controller this machine lacks is refused: #property"() {
        when:
        gantry.start(newId(), definition(limited(resources)), stdio())

        then:
        def e = thrown(ConfigException)
        e.line() == "the cgroup controller `$controller` is not available here [linux.resources.$property]"

        where:
        property             | controller | resources
        'hugepageLimits'     | 'hugetlb'  | [hugepageLimits: [new HugepageLimit('2MB', 4 * MIB)]]
        'network.classID'    | 'net_cls'  | [network: new Network(5L, [])]
        'rdma'               | 'rdma'     | [rdma: [mlx4_0: new Rdma(2L, 2L)]]
    }

    def "what cannot be written is an error with its property, and nothing is left"() {
        given:
        def id = newId()

        when:
        gantry.start(id, definition(limited([blockIO: blockIo(leafWeight: 100)])), stdio())

        then:
        def e = thrown(StepFailure)
        e.message.contains('blkio.leaf_weight')
        e.message.endsWith('[linux.resources.blockIO.leafWeight]')
        !Files.exists(stateRoot.resolve(id))
    }

    def "kernel memory is not limited, and that is said"() {
        expect:
        start(limited([memory: memory(kernel: 8 * MIB)])).plan().warnings()*.text() == ['kernel memory is not limited: Linux has given that up']
    }

    def "a device is reached by whom a rule lets, read and made as it says"() {
        given:
        def rules = [rule(false, null, null, null, 'rwm'), rule(true, DeviceRuleType.BLOCK, 7, 0, access)]
        def config = withProcess(limited([devices: rules]), [args: ['sh', '-c', 'mknod /tmp/disk b 7 0 && head -c 1 /tmp/disk | wc -c'],
                                                                capabilities: new Capabilities(['CAP_MKNOD'], ['CAP_MKNOD'], [], ['CAP_MKNOD'], [])])
        new File(bundle.toFile(), 'rootfs/tmp/disk').delete()

        expect:
        run(config).text().contains('Operation not permitted') == denied

        cleanup:
        new File(bundle.toFile(), 'rootfs/tmp/disk').delete()

        where:
        access | denied
        'rm'   | false
        'm'    | true
    }

    def "all processes stand still while the container is paused, and go on"() {
        given:
        def container = start(config(['sh', '-c', 'i=0; while true; do i=$((i+1)); done']))

        when:
        container.pause()
        def before = container.stats().cpu().total()
        sleep(200)

        then:
        container.status() == ContainerStatus.PAUSED
        container.stats().cpu().total() == before

        when:
        container.pause()
        container.resume()
        sleep(200)

        then:
        container.status() == ContainerStatus.RUNNING
        container.stats().cpu().total() > before
    }

    def "what is not running is not paused, and what is not paused not resumed"() {
        given:
        def container = start(config(['true']))
        container.waitFor()

        when:
        container.pause()

        then:
        def paused = thrown(StateException)
        paused.message == "pause `${container.id()}`: container not running"

        when:
        start(config(SLEEP)).resume()

        then:
        def resumed = thrown(StateException)
        resumed.message.endsWith(': container not paused')
    }

    def "nothing is executed in a paused container, which can be deleted as it is"() {
        given:
        def container = start(config(SLEEP))
        container.pause()

        when:
        container.exec('true')

        then:
        def e = thrown(StateException)
        e.message.contains('cannot exec in a paused container (use --ignore-paused to override)')

        when:
        container.delete(true)

        then:
        !Files.exists(stateRoot.resolve(container.id()))
    }

    def "the processes of the container are listed, also by another process"() {
        given:
        def container = start(config(['sh', '-c', 'sleep 100 & sleep 100']))
        def other = Gantry.open(GantryOptions.at(stateRoot))

        expect:
        within(5) { container.processes().size() == 2 }
        container.processes().contains(container.state().pid())
        other.container(container.id()).processes() == container.processes()

        cleanup:
        other.close()
    }

    def "counters tell what was used"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB), pids: new Pids(20)], ['sh', '-c', 'dd if=/dev/zero of=/dev/null bs=16M count=40; exec sleep 100']))

        expect:
        within(10) { container.stats().cpu().total() > 0 && container.stats().memory().usage().max() > 16 * MIB && container.stats().pids().current() == 1 }
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

    def "a quota shows in the throttling"() {
        given:
        def container = start(limited([cpu: cpu(quota: 5_000, period: 100_000)], ['sh', '-c', 'while true; do true; done']))

        expect:
        within(10) { container.stats().cpu().throttling().throttledTime() > 0 }
        container.stats().cpu().throttling().throttledPeriods() > 0
    }

    def "an update changes what it says and nothing else, in the cgroup and in the config"() {
        given:
        def container = start(limited([memory: memory(limit: 64 * MIB), cpu: cpu(quota: 50_000, period: 100_000, shares: 512), pids: new Pids(20)]))

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
        def both = { [file(container, 'memory', 'memory.limit_in_bytes'), file(container, 'memory', 'memory.memsw.limit_in_bytes')]*.toLong().collect { (it / MIB).toLong() } }

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

    def "device rules are not loosened while limits are updated"() {
        given:
        def container = start(withProcess(limited([devices: [rule(false, null, null, null, 'rwm')]]), [capabilities: new Capabilities(['CAP_MKNOD'], ['CAP_MKNOD'], [], ['CAP_MKNOD'], []),
                args: ['sh', '-c', 'while true; do mknod /tmp/kmsg c 1 11 && head -c 0 /tmp/kmsg 2>/dev/null && touch /tmp/reached; rm -f /tmp/kmsg; done']]))

        when:
        30.times { container.update(Resources.builder().devices([rule(false, null, null, null, 'rwa')]).pids(new Pids(20 + it)).build()) }

        then:
        !Files.exists(bundle.resolve('rootfs/tmp/reached'))
        container.status() == ContainerStatus.RUNNING

        cleanup:
        container.delete(true)
        new File(bundle.toFile(), 'rootfs/tmp/kmsg').delete()
    }

    def "that memory has run out is told"() {
        given:
        def told = new CountDownLatch(1)
        def container = create(limited([memory: memory(limit: 16 * MIB, swap: 16 * MIB)], ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=4']))
        container.onOom { told.countDown() }

        when:
        container.start()

        then:
        told.await(20, TimeUnit.SECONDS)
        container.waitFor().get().signal() == 9
    }

    def "that memory gets short is told"() {
        given:
        def told = new CountDownLatch(1)
        def container = create(limited([memory: memory(limit: 24 * MIB)], ['sh', '-c', 'dd if=/dev/zero of=/tmp/big bs=1M count=64; rm /tmp/big']))
        container.onMemoryPressure(MemoryPressure.LOW) { told.countDown() }

        when:
        container.start()

        then:
        told.await(20, TimeUnit.SECONDS)
        container.waitFor()
    }

    def "watching ends with the container, or before"() {
        given:
        def calls = 0
        def container = start(limited([memory: memory(limit: 16 * MIB)]))
        def watching = container.onOom { calls++ }
        container.onOom { calls++ }

        when:
        watching.close()
        container.delete(true)
        sleep(100)

        then:
        calls == 0
    }

    private OciConfig limited(Map resources, List<String> args = SLEEP) {
        def builder = Resources.builder()
        resources.each { name, value -> builder."$name"(value) }
        withLinux(config(args), [resources: builder.build()])
    }

    private static Memory memory(Map of) {
        new Memory(of.limit, of.reservation, of.swap, of.kernel, of.kernelTCP, of.swappiness, of.disableOOMKiller, of.useHierarchy, of.checkBeforeUpdate)
    }

    private static Cpu cpu(Map of) {
        new Cpu(of.shares, of.quota, of.burst, of.period, of.realtimeRuntime, of.realtimePeriod, of.cpus, of.mems, of.idle)
    }

    private static BlockIo blockIo(Map of) {
        new BlockIo(of.weight, of.leafWeight, of.weightDevice as List<WeightDevice>, of.throttleReadBpsDevice, of.throttleWriteBpsDevice, of.throttleReadIOPSDevice, of.throttleWriteIOPSDevice)
    }

    /** The first disk of this machine. */
    private static ThrottleDevice disk(long rate) {
        def name = new File('/sys/block').list().toSorted().find { it =~ /^(vd|sd|nvme|xvd)/ }
        def numbers = new File("/sys/block/$name/dev").text.trim().split(':')*.toLong()
        new ThrottleDevice(numbers[0], numbers[1], rate)
    }

    private static DeviceRule rule(boolean allow, DeviceRuleType type, Long major, Long minor, String access) {
        new DeviceRule(allow, type, major, minor, access)
    }

    private static String file(Container container, String controller, String name) {
        def dir = container.state().cgroups().find { it.startsWith("/sys/fs/cgroup/$controller/") }
        Files.readString(Path.of(dir, name)).trim()
    }

    private static boolean within(int seconds, Closure<Boolean> condition) {
        def deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)
        while (System.nanoTime() < deadline) {
            if (condition()) {
                return true
            }
            sleep(20)
        }
        false
    }
}
