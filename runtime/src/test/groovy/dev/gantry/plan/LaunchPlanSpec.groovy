package dev.gantry.plan

import dev.gantry.oci.Device
import dev.gantry.oci.DeviceType
import dev.gantry.oci.NamespaceType
import dev.gantry.wire.Op
import dev.gantry.wire.Orders
import spock.lang.Specification

/** The parts of a launch plan, its options, and the bytes that the init gets of it. */
class LaunchPlanSpec extends Specification {
    def "preparation is what the runtime does before the first step of the init"() {
        expect:
        plan(*steps).preparation() == count

        where:
        steps                                     || count
        []                                        || 0
        [write()]                                 || 1
        [write(), write(), cloned(), write()]      || 2
        [cloned(), write()]                        || 0
    }

    def "the clone and the cgroup of birth are found: #into"() {
        given:
        def birth = into == null ? [] : [new ProcessStep.OpenCgroup(into)]
        def plan = plan(*[write(), new NamespaceStep.Undumpable(), *birth, cloned(), new ProcessStep.Ready(false)])

        expect:
        plan.cloneStep() == 2 + birth.size()
        plan.cgroupOfBirth() == Optional.ofNullable(into)

        where:
        into << [null, '/sys/fs/cgroup/box']
    }

    def "a process waits for `start` if there is such a step"() {
        expect:
        plan(cloned(), new ProcessStep.AwaitStart()).awaitsStart()
        !plan(cloned()).awaitsStart()
    }

    def "the steps of a plan cannot be changed"() {
        given:
        def steps = [new PlannedStep(cloned(), new Origin('default', Optional.empty()))]
        def plan = new LaunchPlan(steps)

        when:
        steps.clear()

        then:
        plan.steps().size() == 1

        when:
        plan.steps().clear()

        then:
        thrown(UnsupportedOperationException)
    }

    def "the init gets the plan without its preparation, a turn for each later step of the runtime"() {
        given:
        def expected = new Orders()
        expected.step(1).add(Op.CLONE).set('namespaces', 0)
        expected.step(2).add(Op.SYNC)
        expected.step(3).add(Op.READY).set('leave_socket', true)

        expect:
        plan(write(), cloned(), write(), new ProcessStep.Ready(false)).toBytes(OptionalInt.empty()) ==
            expected.toBytes()
    }

    def "a step that is to fail does so before it is performed"() {
        given:
        def expected = new Orders()
        expected.step(0).add(Op.CLONE).set('namespaces', 0)
        expected.step(1).add(Op.FAIL).set('error', 5)
        expected.add(Op.READY).set('leave_socket', true)

        expect:
        plan(cloned(), new ProcessStep.Ready(false)).toBytes(OptionalInt.of(1)) == expected.toBytes()
    }

    def "device #major:#minor is packed as #packed"() {
        expect:
        NodeStep.Mknod.makedev(major, minor) == packed

        where: 'from makedev(3) of glibc'
        major  | minor    || packed
        0      | 0        || 0
        1      | 3        || 0x103
        8      | 17       || 0x811
        136    | 255      || 0x88ff
        259    | 256      || 0x110300
        4095   | 0xfffff  || 0xffffffff
        0x1000 | 1        || 0x100000000001
        0xfffff | 0xffffffff || 0xfffffffffffff
    }

    def "a node of type `#type` has mode bits #bits"() {
        given:
        def device = new Device(type, '/dev/x', 1, 2, mode, null, 7)
        def orders = new Orders()
        def expected = new Orders()
        expected.add(Op.MAKE_NODE).set('path', '/dev/x').set('type', bits).set('rdev', number).set('mode', permissions)
                .set('uid', 0).set('gid', 7)

        when:
        new NodeStep.Mknod(device).order(orders)

        then:
        orders.toBytes() == expected.toBytes()

        where:
        type                  | mode    || bits    | number | permissions
        DeviceType.CHARACTER  | null    || 0020000 | 0x102  | 0666
        DeviceType.UNBUFFERED | 0600    || 0020000 | 0x102  | 0600
        DeviceType.BLOCK      | 0060640 || 0060000 | 0x102  | 0640
        DeviceType.FIFO       | 0600    || 0010000 | 0      | 0600
    }

    def "namespaces are told apart and summed up"() {
        expect:
        Namespaces.flags([NamespaceType.NETWORK, NamespaceType.TIME]) == 0x40000080
        Namespaces.flags([]) == 0
        Namespaces.words([NamespaceType.UTS, NamespaceType.CGROUP]) == 'cgroup, uts'
    }

    def "options of a launch change one at a time"() {
        given:
        def options = LaunchOptions.of('box', '/bundle', '/scratch')

        expect:
        !options.awaitStart() && options.newKeyring() && options.pivot() && options.failAt().isEmpty()
        options.awaitingStart() ==
            new LaunchOptions('box', '/bundle', '/scratch', true, true, true, true, [] as Set, OptionalInt.empty())
        options.keepingKeyring() ==
            new LaunchOptions('box', '/bundle', '/scratch', false, false, true, true, [] as Set, OptionalInt.empty())
        options.failingAt(3) ==
            new LaunchOptions('box', '/bundle', '/scratch', false, true, true, true, [] as Set, OptionalInt.of(3))
        options.withoutPivot() ==
            new LaunchOptions('box', '/bundle', '/scratch', false, true, false, true, [] as Set, OptionalInt.empty())
        options.handingTerminalOver() ==
            new LaunchOptions('box', '/bundle', '/scratch', false, true, true, false, [] as Set, OptionalInt.empty())
    }

    def "`#path` of a config is `#resolved` on the host"() {
        expect:
        LaunchOptions.of('box', '/bundle', '/scratch').resolve(path) == resolved

        where:
        path     || resolved
        'rootfs' || '/bundle/rootfs'
        '.'      || '/bundle/.'
        '/srv'   || '/srv'
    }

    private static LaunchPlan plan(Step... steps) {
        new LaunchPlan(steps.collect { new PlannedStep(it, new Origin('default', Optional.empty())) })
    }

    private static Step write() {
        new RuntimeStep.WriteCgroup('/cg/pids.max', '1')
    }

    private static Step cloned() {
        new NamespaceStep.Clone([] as Set)
    }
}
