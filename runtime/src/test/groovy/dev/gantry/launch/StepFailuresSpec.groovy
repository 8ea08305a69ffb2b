package dev.gantry.launch

import static dev.gantry.plan.RuntimeStep.WriteIdMaps.Writer.SELF

import dev.gantry.error.ErrorKind
import dev.gantry.kernel.Errno
import dev.gantry.kernel.KernelException
import dev.gantry.plan.MountOptions
import dev.gantry.plan.MountStep
import dev.gantry.plan.RootStep
import dev.gantry.plan.NamespaceStep
import dev.gantry.plan.Origin
import dev.gantry.error.Place
import dev.gantry.plan.PlannedStep
import dev.gantry.plan.PrivilegeStep
import dev.gantry.plan.ProcessStep
import dev.gantry.plan.Propagation
import dev.gantry.plan.RuntimeStep
import dev.gantry.plan.Step
import dev.gantry.value.StepFailure
import spock.lang.Specification

/** The line that a failed step of a plan becomes, with its place and a hint. */
class StepFailuresSpec extends Specification {
    private static final SOURCE = MountStep.BindMount.Source.ofHost('/src')
    private static final MountOptions NONE =
        new MountOptions(0, 0, 0, 0, 0, Propagation.UNCHANGED, false, false, MountOptions.IdMap.NONE, false, [])

    private static final String WORDS = "; hint: each word is an argument of its own, as in 'ls', '-la'; " +
        "or a shell splits them: 'sh', '-c', 'ls -la'"

    def "refused with a remedy: #line"() {
        expect:
        failure(step, errno).line() == line

        where:
        step                                                                          | errno        || line
        new MountStep.BindMount(SOURCE, '/dst', NONE)                                 | Errno.ENOENT ||
            'start `box`: bind `/src` to `/dst`: no such file or directory (ENOENT) [mounts[3]]; ' +
                'hint: the source must exist on the host'
        MountStep.Mount.of('btrfs', 'x', '/dst', NONE)                                | Errno.ENODEV ||
            'start `box`: mount `btrfs` on `/dst`: no such device (ENODEV) [mounts[3]]; ' +
                'hint: the kernel knows no such file system, see /proc/filesystems'
        new ProcessStep.SetHostname('box')                                            | Errno.EINVAL ||
            'start `box`: set hostname `box`: invalid argument (EINVAL) [mounts[3]]; ' +
                'hint: a hostname has at most 64 bytes'
        new ProcessStep.SetRlimit('RLIMIT_NOFILE', 7, 1, 2)                           | Errno.EPERM  ||
            'start `box`: set rlimit `RLIMIT_NOFILE`: operation not permitted (EPERM) [mounts[3]]; ' +
                'hint: raising a hard limit needs CAP_SYS_RESOURCE'
        new PrivilegeStep.SetCapabilities([] as Set, [] as Set, [] as Set, [] as Set) | Errno.EPERM  ||
            'start `box`: set capabilities: operation not permitted (EPERM) [mounts[3]]; ' +
                'hint: a capability is missing from the runtime\'s own bounding set'
        new NamespaceStep.Clone([] as Set)                                            | Errno.EPERM  ||
            'start `box`: clone: operation not permitted (EPERM) [mounts[3]]; ' +
                'hint: new namespaces need root, or a user namespace'
        new NamespaceStep.Clone([] as Set)                                            | Errno.ENOMEM ||
            'start `box`: clone: cannot allocate memory (ENOMEM) [mounts[3]]; ' +
                'hint: if this machine has memory, raise linux.resources.memory.limit'
        new RuntimeStep.WriteIdMaps([], [], SELF, SELF)                               | Errno.EPERM  ||
            'start `box`: write id maps: operation not permitted (EPERM) [mounts[3]]; ' +
                'hint: map only ids that you own, or add them to /etc/subuid and /etc/subgid'
        new RuntimeStep.WriteCgroup('/cg/pids.max', '1')                              | Errno.ENOENT ||
            'start `box`: write `1` to `/cg/pids.max`: no such file or directory (ENOENT) [mounts[3]]; ' +
                'hint: the controller is not enabled in this cgroup'
    }

    def "a command line in the place of a program is told as such, and a program that is not there is not: #program"() {
        given:
        def step = new PlannedStep(new ProcessStep.FindProgram([program, 'x y'], []),
            new Origin('process.args', Optional.empty()))
        def call = "exec: \"$program\": executable file not found in \$PATH"

        expect:
        StepFailures.of('exec in `box`', step, call, Errno.ENOENT, null).line() ==
                "exec in `box`: $call: no such file or directory (ENOENT) [process.args]$hint"

        where:
        program          || hint
        'ls -la'         || WORDS
        'deploy hunter2' || WORDS
        'ls'             || ''
    }

    def "too many groups are no groups that are not mapped"() {
        given:
        def step = new PlannedStep(new PrivilegeStep.SetUser(0, 0, true, [1L]),
            new Origin('process.user', Optional.empty()))

        expect:
        StepFailures.of('start `box`', step, 'more than 1024 groups', Errno.EINVAL, null).line().endsWith(
                'more than 1024 groups: invalid argument (EINVAL) [process.user]; ' +
                'hint: leave out groups that the process does not need')
    }

    def "refused without a remedy: #line"() {
        expect:
        failure(step, errno).line() == line

        where:
        step                     | errno        || line
        new MountStep.BindMount(SOURCE, '/dst', NONE) | Errno.EPERM  ||
            'start `box`: bind `/src` to `/dst`: operation not permitted (EPERM) [mounts[3]]'
        new RootStep.PivotRoot() | Errno.EINVAL || 'start `box`: pivot root: invalid argument (EINVAL) [mounts[3]]'
        new RuntimeStep.WriteCgroup('/cg/pids.max', '1') | Errno.EINVAL ||
            'start `box`: write `1` to `/cg/pids.max`: invalid argument (EINVAL) [mounts[3]]'
    }

    def "what somebody else wrote makes no lines of its own, and no megabytes"() {
        given:
        def step = MountStep.Mount.of('tmpfs', 'tmpfs', '/a\n\tat x.Y', NONE)

        expect:
        failure(step, Errno.EPERM).message ==
            'start `box`: mount `tmpfs` on `/a\\u000a\\u0009at x.Y`: operation not permitted (EPERM) [mounts[3]]'
        failure(MountStep.Mount.of('tmpfs', 'tmpfs', 'x' * 5_000_000, NONE), Errno.EPERM).message.length() < 1_100
    }

    def "the line of the script and the refused call are told where they are known"() {
        given:
        def step = new PlannedStep(
                MountStep.Mount.of('tmpfs', 'tmpfs', '/tmp', NONE),
                new Origin('mounts[3]', Optional.of(new Place('box.ctr.groovy', 14))))
        def cause = new KernelException('fsconfig', 'size', Errno.EINVAL)
        def failure = StepFailures.of('start `box`', step, 'fsconfig `size=x`', Errno.EINVAL, cause)

        expect:
        failure.message == 'start `box`: mount `tmpfs` on `/tmp`: fsconfig `size=x`: ' +
            'invalid argument (EINVAL) [mounts[3], box.ctr.groovy:14]'
        failure.kind() == ErrorKind.KERNEL
        failure.errno() == Errno.EINVAL
        failure.phase() == StepFailure.Phase.INIT
        failure.cause.is(cause)
    }

    def "a program that cannot be run is told by its own path: #errno"() {
        given:
        def failure = StepFailures.of('start `box`', planned(step), 'exec `/bin/x`', errno, null)

        expect:
        failure.message == "start `box`: exec `/bin/x`: ${errno.describe()} [mounts[3]]"
        failure.kind() == kind

        where:
        step                                    | errno         || kind
        new ProcessStep.Exec(['x'], [])         | Errno.ENOENT  || ErrorKind.COMMAND_NOT_FOUND
        new ProcessStep.Exec(['x'], [])         | Errno.ENOEXEC || ErrorKind.COMMAND_NOT_EXECUTABLE
    }

    private static StepFailure failure(Step step, Errno errno) {
        StepFailures.of('start `box`', planned(step), '', errno, null)
    }

    private static PlannedStep planned(Step step) {
        new PlannedStep(step, new Origin('mounts[3]', Optional.empty()))
    }
}
