package dev.gantry.spec.support

import static dev.gantry.spec.support.Eventually.within

import dev.gantry.runtime.Internals
import dev.gantry.error.StateException
import dev.gantry.kernel.Signal
import dev.gantry.oci.BlockIo
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Cpu
import dev.gantry.oci.DeviceRule
import dev.gantry.oci.DeviceRuleType
import dev.gantry.oci.Memory
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Pids
import dev.gantry.oci.Resources
import dev.gantry.oci.ThrottleDevice
import dev.gantry.oci.WeightDevice
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.value.ContainerStatus
import java.nio.file.Files
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** What is true of limits, freezing and events whichever version of cgroups the machine has. */
abstract class LimitsSpecification extends ContainerSpecification {
    protected static final long MIB = 1024 * 1024
    protected static final List<String> SLEEP = ['sleep', '100']

    def "all processes stand still while the container is paused, and go on"() {
        given:
        def busy = config(['sh', '-c', 'i=0; while true; do i=$((i+1)); done'])
        def container = start(busy)
        def free = start(busy)

        when:
        container.pause()
        def before = container.stats().cpu().total()
        def others = free.stats().cpu().total()

        then: 'while another one uses its time'
        within(10) { free.stats().cpu().total() > others + 200_000_000 }
        container.status() == ContainerStatus.PAUSED
        container.stats().cpu().total() == before

        when:
        container.pause()
        container.resume()

        then:
        container.status() == ContainerStatus.RUNNING
        within(10) { container.stats().cpu().total() > before }
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
        e.line() == "exec in `${container.id()}`: cannot exec in a paused container; hint: resume it first"

        when:
        container.deleteForcibly()

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

    def "a quota shows in the throttling"() {
        given:
        def container =
            start(limited([cpu: cpu(quota: 5_000, period: 100_000)], ['sh', '-c', 'while true; do true; done']))

        expect:
        within(10) { container.stats().cpu().throttling().throttledTime() > 0 }
        container.stats().cpu().throttling().throttledPeriods() > 0
    }

    def "a device is reached by whom a rule lets, read and made as it says"() {
        given:
        def rules = [rule(false, null, null, null, 'rwm'), rule(true, DeviceRuleType.BLOCK, 7, 0, access)]
        def config = withProcess(limited([devices: rules]),
            [args: ['sh', '-c', 'mknod /tmp/disk b 7 0 && head -c 1 /tmp/disk | wc -c'],
                                                                capabilities: new Capabilities(['CAP_MKNOD'],
                                                                ['CAP_MKNOD'], [], ['CAP_MKNOD'], [])])
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
    def "device rules are not loosened while limits are updated"() {
        given:
        def container = start(withProcess(limited([devices: [rule(false, null, null, null, 'rwm')]]),
            [capabilities: new Capabilities(['CAP_MKNOD'], ['CAP_MKNOD'], [], ['CAP_MKNOD'], []),
                args: ['sh', '-c', 'while true; do mknod /tmp/kmsg c 1 11 && head -c 0 /tmp/kmsg 2>/dev/null && ' +
                'touch /tmp/reached; rm -f /tmp/kmsg; done']]))

        when:
        30.times { container.update(
            Resources.builder().devices([rule(false, null, null, null, 'rwa')]).pids(new Pids(20 + it)).build()
        ) }

        then:
        !Files.exists(bundle.resolve('rootfs/tmp/reached'))
        container.status() == ContainerStatus.RUNNING

        cleanup:
        container.deleteForcibly()
        new File(bundle.toFile(), 'rootfs/tmp/kmsg').delete()
    }

    def "a cgroup in which somebody is, or that is frozen, is left alone"() {
        given:
        def own = start(config(SLEEP))
        def path = '/gantry-' + newId()
        def first = start(withLinux(config(SLEEP), [cgroupsPath: path]))

        when:
        start(withLinux(config(SLEEP), [cgroupsPath: path]))

        then:
        def busy = thrown(StateException)
        busy.message.contains("container's cgroup is not empty")
        first.status() == ContainerStatus.RUNNING
        own.status() == ContainerStatus.RUNNING
        first.processes().size() == 1

        when:
        def second = newId()
        first.pause()
        Internals.create(gantry, second, definition(withLinux(config(SLEEP), [cgroupsPath: path])), stdio())

        then:
        thrown(StateException)
        first.status() == ContainerStatus.PAUSED
        !Files.exists(stateRoot.resolve(second))
    }

    def "that memory has run out is told"() {
        given:
        def told = new CountDownLatch(1)
        def container = create(limited([memory: memory(limit: 16 * MIB, swap: 16 * MIB)],
            ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=4']))
        container.onOom { told.countDown() }

        when:
        container.start()

        then:
        told.await(20, TimeUnit.SECONDS)
        container.waitFor().get().signal() == Signal.KILL.number()
    }

    def "watching ends with the container, or before"() {
        given:
        def calls = 0
        def later = 0
        def container = start(limited([memory: memory(limit: 16 * MIB)]))
        def watching = container.onOom { calls++ }
        container.onOom { calls++ }

        when:
        watching.close()
        container.deleteForcibly()
        def other = create(limited([memory: memory(limit: 16 * MIB, swap: 16 * MIB)],
            ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=4']))
        other.onOom { later++ }
        other.start()

        then: 'what comes later is seen, and nothing of this one'
        within(10) { later > 0 }
        calls == 0
    }

    protected OciConfig limited(Map resources, List<String> args = SLEEP) {
        def builder = Resources.builder()
        resources.each { name, value -> builder."$name"(value) }
        withLinux(config(args), [resources: builder.build()])
    }

    protected static Memory memory(Map of) {
        new Memory(of.limit, of.reservation, of.swap, of.kernel, of.kernelTCP, of.swappiness, of.disableOOMKiller,
            of.useHierarchy, of.checkBeforeUpdate)
    }

    protected static Cpu cpu(Map of) {
        new Cpu(of.shares, of.quota, of.burst, of.period, of.realtimeRuntime, of.realtimePeriod, of.cpus, of.mems,
            of.idle)
    }

    protected static BlockIo blockIo(Map of) {
        new BlockIo(of.weight, of.leafWeight, of.weightDevice as List<WeightDevice>, of.throttleReadBpsDevice,
            of.throttleWriteBpsDevice, of.throttleReadIOPSDevice, of.throttleWriteIOPSDevice)
    }

    /** The first disk of this machine. */
    protected static ThrottleDevice disk(long rate) {
        def name = new File('/sys/block').list().toSorted().find { it =~ /^(vd|sd|nvme|xvd)/ }
        def numbers = new File("/sys/block/$name/dev").text.trim().split(':')*.toLong()
        new ThrottleDevice(numbers[0], numbers[1], rate)
    }

    protected static DeviceRule rule(boolean allow, DeviceRuleType type, Long major, Long minor, String access) {
        new DeviceRule(allow, type, major, minor, access)
    }

}
