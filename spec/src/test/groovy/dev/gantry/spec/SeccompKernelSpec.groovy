package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.kernel.ExitStatus
import dev.gantry.oci.Capability
import dev.gantry.oci.IdMapping
import dev.gantry.oci.SeccompArg
import dev.gantry.oci.SeccompFlag
import dev.gantry.oci.SeccompOperator
import dev.gantry.plan.GantryAnnotations
import dev.gantry.plan.LaunchOptions
import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.plan.PrivilegeStep
import dev.gantry.error.SourceMap
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.seccomp.DefaultProfile
import dev.gantry.spec.support.FilteredContainers
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus

/** What seccomp filters do in containers. */
@RequiresKernel(programs = ['busybox:busybox-static', 'cc:gcc'])
class SeccompKernelSpec extends FilteredContainers {
    def "a filter is on with noNewPrivileges #nnp as user #uid, and nothing else is different"() {
        given:
        def command = ['grep', '-E', '^(Cap...|NoNewPrivs|Uid|SigIgn|SigCgt):', '/proc/self/status']
        def without = run(filtered(null, command, [noNewPrivileges: nnp, uid: uid])).text()

        when:
        def mode = run(filtered(profile('ALLOW', []), ['grep', 'Seccomp:', '/proc/self/status'],
            [noNewPrivileges: nnp, uid: uid])).text()
        def with = run(filtered(profile('ALLOW', []), command, [noNewPrivileges: nnp, uid: uid])).text()

        then:
        mode.trim() == 'Seccomp:\t2'
        with == without
        with.contains("NoNewPrivs:\t${nnp ? 1 : 0}")
        with.contains("SigIgn:\t${'0' * 16}") && with.contains("SigCgt:\t${'0' * 16}")

        where:
        [nnp, uid] << [NO_NEW_PRIVILEGES, [0L, 1000L]].combinations()
    }

    def "a process that is added has the filter too, with noNewPrivileges #nnp"() {
        given:
        def container = start(filtered(profile('ALLOW', [rule('mkdir', 'ERRNO', [errnoRet: 28L])]), ['sleep', '100'],
            [noNewPrivileges: nnp]))

        expect:
        container.exec('grep', 'Seccomp:', '/proc/self/status').text().trim() == 'Seccomp:\t2'
        container.exec(*probe('mkdir', '/tmp', 0)).text().trim() == '28'
        container.exec('grep', 'NoNewPrivs', '/proc/self/status').text().trim() == "NoNewPrivs:\t${nnp ? 1 : 0}"

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "a call is answered by #action"() {
        when:
        def result = run(filtered(profile('ALLOW', [rule('mkdir', action, more)]), probe('mkdir', '/tmp', 0),
            [noNewPrivileges: true]))

        then:
        result.text().trim() == text
        result.status() == status

        where:
        action         | more            || text | status
        'ALLOW'        | [:]             || '17' | new ExitStatus(0, 0)
        'LOG'          | [:]             || '17' | new ExitStatus(0, 0)
        'ERRNO'        | [:]             || '1'  | new ExitStatus(0, 0)
        'ERRNO'        | [errnoRet: 28L] || '28' | new ExitStatus(0, 0)
        'ERRNO'        | [errnoRet: 0L]  || 'ok' | new ExitStatus(0, 0)
        'TRACE'        | [:]             || '38' | new ExitStatus(0, 0)
        'TRAP'         | [:]             || ''   | new ExitStatus(-1, 31)
        'KILL'         | [:]             || ''   | new ExitStatus(-1, 31)
        'KILL_THREAD'  | [:]             || ''   | new ExitStatus(-1, 31)
        'KILL_PROCESS' | [:]             || ''   | new ExitStatus(-1, 31)
    }

    def "an argument decides"() {
        given:
        def is8 = new SeccompArg(0L, 8L, null, SeccompOperator.EQ)
        def profile = profile('ALLOW', [rule('personality', 'ERRNO', [errnoRet: 11L, args: [is8]])])

        expect:
        run(filtered(profile, probe('personality', argument))).text().trim() == text

        where:
        argument     || text
        8            || '11'
        '0xffffffff' || 'ok'
    }

    def "a call newer than the profile is not there, an older one has the default action"() {
        given: 'an old program, which needs nothing new'
        def profile = profile('ERRNO', [rule(NEEDED + ['brk', 'arch_prctl', 'set_tid_address', 'mprotect', 'prlimit64',
            'readlink', 'fstat', 'newfstatat', 'uname', 'mmap', 'munmap', 'ioctl', 'execveat'], 'ALLOW')])

        expect:
        run(filtered(profile, probe(call, 0, 0, 0), [noNewPrivileges: true])).text().trim() == errno

        where:
        call      || errno
        'mkdir'   || '1'
        'openat2' || '38'
        'statx'   || '38'
    }

    def "a filter may refuse everything that a program without needs does not need"() {
        given:
        def profile = profile('KILL_PROCESS', [rule(NEEDED, 'ALLOW')])

        expect:
        run(filtered(profile, ['/nothing'], [noNewPrivileges: true, uid: uid])).status() == new ExitStatus(42, 0)

        where:
        uid << [0L, 1000L]
    }

    def "without noNewPrivileges it must allow capset as well"() {
        given:
        def profile = profile('KILL_PROCESS', [rule(NEEDED + 'capset', 'ALLOW')])

        expect:
        run(filtered(profile, ['/nothing'], [noNewPrivileges: nnp, uid: uid])).status() == new ExitStatus(42, 0)

        where:
        [nnp, uid] << [[null, false], [0L, 1000L]].combinations()
    }

    def "who has CAP_SYS_ADMIN for good has none to give up"() {
        given:
        def profile = profile('KILL_PROCESS', [rule(NEEDED, 'ALLOW')])

        expect:
        run(filtered(profile, ['/nothing'], [capability: 'CAP_SYS_ADMIN'])).status() == new ExitStatus(42, 0)
    }

    def "in a user namespace its root installs the filter, with noNewPrivileges #nnp"() {
        given:
        def map = [new IdMapping(0L, 100000L, 65536L)]
        def profile = profile('KILL_PROCESS', [rule(NEEDED + (nnp ? [] : ['capset']), 'ALLOW')])
        def config = withLinux(withNamespace(filtered(profile, ['/nothing'], [noNewPrivileges: nnp]), USER),
            [uidMappings: map, gidMappings: map])

        expect:
        run(config).status() == new ExitStatus(42, 0)

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "a process that is added to a user namespace has the filter too, with noNewPrivileges #nnp"() {
        given:
        def map = [new IdMapping(0L, 100000L, 65536L)]
        def config = filtered(profile('ALLOW', [rule('mkdir', 'ERRNO', [errnoRet: 28L])]), ['sleep', '100'],
            [noNewPrivileges: nnp])
        def container = start(withLinux(withNamespace(config, USER), [uidMappings: map, gidMappings: map]))

        expect:
        container.exec('grep', 'Seccomp:', '/proc/self/status').text().trim() == 'Seccomp:\t2'
        container.exec(*probe('mkdir', '/tmp', 0)).text().trim() == '28'

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "a container without a program has a filter, with noNewPrivileges #nnp"() {
        given:
        def idle = filtered(profile('ALLOW', [rule('mkdir', 'ERRNO', [errnoRet: 28L])]), ['gantry-idle'],
                [noNewPrivileges: nnp, annotations: [(GantryAnnotations.INIT): GantryAnnotations.IDLE]])
        def container = start(idle)

        expect:
        def status = container.exec('grep', '-E', 'Seccomp:|CapEff', '/proc/1/status').lines()
        status == ['CapEff:\t0000000020000420', 'Seccomp:\t2']
        container.exec(*probe('mkdir', '/tmp', 0)).text().trim() == '28'

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "a container without a program whose filter refuses to wait is refused"() {
        when:
        start(filtered(profile('ALLOW', [rule('rt_sigtimedwait', 'ERRNO')]), ['gantry-idle'],
                [annotations: [(GantryAnnotations.INIT): GantryAnnotations.IDLE]]))

        then:
        def e = thrown(ContainerException)
        e.message.endsWith('idle as the first process: rt_sigtimedwait: operation not permitted (EPERM) [process.args]')
    }

    def "a strict profile waits for start and has processes added with noNewPrivileges #nnp"() {
        given:
        def profile = profile('ALLOW', [rule([
            'close_range', 'openat2', 'fsopen', 'fsconfig', 'fsmount', 'move_mount', 'open_tree', 'mount_setattr',
            'mount', 'umount2', 'setuid', 'setresuid', 'setgid', 'setresgid', 'setgroups', 'sendmsg', 'recvmsg',
            'sendto', 'recvfrom', 'fchown', 'faccessat', 'getcwd', 'chdir', 'seccomp', 'setns', 'setsid', 'keyctl',
            'clone3', *(nnp ? ['capset'] : [])
        ], 'KILL_PROCESS')])
        def container = create(filtered(profile, ['sleep', '100'], [noNewPrivileges: nnp]))

        when:
        container.start()

        then:
        container.status() == ContainerStatus.RUNNING
        container.exec('echo', 'here').text() == 'here\n'

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "a profile without `#call` is told what it lacks"() {
        given:
        def refused = profile('ALLOW', [rule(call, action)])

        when:
        run(filtered(refused, ['true'], [noNewPrivileges: nnp]))

        then:
        def e = thrown(ContainerException)
        e.line() ==~ line
        gantry.containers().isEmpty()

        where:
        call     | action         | nnp   || line
        'capset' | 'ERRNO'        | false ||
            /start `spec-\d+-\d+`: give up CAP_SYS_ADMIN: capset: / +
                /operation not permitted \(EPERM\) \[process\.capabilities\]; / +
                /hint: allow capset in the seccomp profile, or set noNewPrivileges: it is not needed then/
        'capset' | 'KILL_PROCESS' | false ||
            /start `spec-\d+-\d+`: gantry-init was ended by SIGSYS; hint: the seccomp profile must allow .*/
        'write'  | 'ERRNO'        | true  ||
            /start `spec-\d+-\d+`: gantry-init ended without a word; / +
                /hint: the seccomp profile must allow read, write, close, execve and exit_group.*/
        'execve' | 'ERRNO'        | true  ||
            /start `spec-\d+-\d+`: exec .*true: operation not permitted \(EPERM\) \[process\.args\]/
    }

    def "a failure once the filter is on is told, and leaves nothing, with noNewPrivileges #nnp"() {
        given:
        def strict = filtered(profile('ERRNO', [rule(NEEDED + 'capset', 'ALLOW')]), ['/nothing'],
            [noNewPrivileges: nnp])
        def options = LaunchOptions.of('x', bundle.toString(), bundle.toString())
        def steps = PlanCompiler.compile(strict, SourceMap.NONE, Internals.host(gantry), options).steps()
        def first = steps.findIndexOf { it.step() instanceof PrivilegeStep.InstallSeccomp }

        expect:
        (first..<steps.size()).each { step ->
            Gantry.open(Internals.failingAt(GantryOptions.at(stateRoot), step)).withCloseable { failing ->
                try {
                    Internals.start(failing, newId(), definition(strict), stdio())
                    assert false: "step $step did not fail"
                } catch (ContainerException e) {
                    assert e.message.endsWith("${steps[step].step().describe()}: injected failure: " +
                        "input/output error (EIO) [${steps[step].origin()}]") ||
                            e.message.endsWith("injected failure: input/output error (EIO) [process.args]")
                }
            }
        }
        gantry.containers().isEmpty()

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "flags `#flags` are taken"() {
        expect:
        run(filtered(profile('ALLOW', [], [flags: flags]), ['true'], [noNewPrivileges: true])).status() ==
            new ExitStatus(0, 0)

        where:
        flags << [null, [], [SeccompFlag.LOG], [SeccompFlag.TSYNC, SeccompFlag.LOG, SeccompFlag.SPEC_ALLOW],
                  [SeccompFlag.WAIT_KILLABLE_RECV]]
    }

    def "no descriptor is left over"() {
        when: 'ls opens the directory itself'
        def first = run(filtered(profile('ALLOW', []), ['ls', '/proc/self/fd'], [noNewPrivileges: nnp])).text()
        def container = start(filtered(profile('ALLOW', []), ['sleep', '100'], [noNewPrivileges: nnp]))

        then:
        first.split() == ['0', '1', '2', '3']
        container.exec('ls', '/proc/self/fd').text().split() == ['0', '1', '2', '3']

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "HOME is found although the filter refuses to open files"() {
        given:
        def profile = profile('ALLOW', [rule(['open', 'openat'], 'ERRNO')])

        expect:
        run(filtered(profile, ['env'], [noNewPrivileges: nnp, uid: 1000L])).text().readLines()
            .contains('HOME=/home/user')

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "the default profile lets programs work and keeps them from the machine"() {
        given:
        def none = DefaultProfile.forCapabilities([] as Set)
        def admin = DefaultProfile.forCapabilities([Capability.SYS_ADMIN] as Set)

        expect:
        run(filtered(none, ['sh', '-c', 'mkdir -p /tmp/made && ls / | grep tmp && cat /etc/passwd | grep -c root']))
            .text() == 'tmp\n1\n'
        run(filtered(none, probe('unshare', 0x20000))).text().trim() == '1'
        run(filtered(none, probe('clone3', 0, 0))).text().trim() == '38'
        run(filtered(none, probe('socket', 2, 1, 0))).text().trim() == 'ok'
        run(filtered(none, probe('socket', 38, 5, 0))).text().trim() == '1'
        run(filtered(none, ['/probe', '9999'])).text().trim() == '38'
        run(filtered(admin, probe('unshare', 0x20000), [capability: 'CAP_SYS_ADMIN'])).text().trim() == 'ok'
    }
}
