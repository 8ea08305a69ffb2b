package dev.gantry.seccomp

import static dev.gantry.seccomp.FilterMachine.X32_BIT
import static dev.gantry.seccomp.FilterMachine.X86
import static dev.gantry.seccomp.FilterMachine.X86_64

import dev.gantry.kernel.jnr.SeccompLibrary
import dev.gantry.oci.Capability
import dev.gantry.oci.SeccompArch
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification

/** What the built-in profile lets through, on x86-64 and the two architectures that come with it. */
@Requires(value = { sys['os.arch'] == 'amd64' }, reason = 'the expected filters are those of x86-64')
class DefaultProfileSpec extends Specification {
    static final int ALLOW = 0x7fff0000
    static final int EPERM = 0x00050001
    static final int ENOSYS = 0x00050026

    @Shared library = new SeccompLibrary()

    @Shared Map<Set<Capability>, FilterMachine> filters = [:].withDefault { Set<Capability> capabilities ->
        new FilterMachine(new SeccompCompiler(library).compile(DefaultProfile.forCapabilities(capabilities)))
    }

    private int answer(Collection<Capability> capabilities, String call, long... args) {
        filters[capabilities as Set].answer(X86_64, library.number(X86_64, call).getAsInt(), args)
    }

    def "ordinary calls are allowed"() {
        expect:
        answer([], call) == ALLOW

        where:
        call << ['read', 'openat', 'mmap', 'execve', 'futex', 'setuid', 'capset', 'kill', 'mknod', 'chown']
    }

    def "a call that reaches beyond the container is refused: #call"() {
        expect:
        answer([], call) == EPERM

        where:
        call << ['mount', 'umount2', 'pivot_root', 'chroot', 'unshare', 'setns', 'bpf', 'perf_event_open',
                 'init_module', 'kexec_load', 'reboot', 'swapon', 'settimeofday', 'iopl', 'open_by_handle_at',
                 'syslog', 'quotactl', 'acct', 'userfaultfd', 'io_uring_setup', 'io_uring_enter', 'vhangup', 'kcmp',
                 'pidfd_getfd', 'mount_setattr', 'fsopen']
    }

    def "#capability brings #call"() {
        expect:
        answer([], call) == EPERM
        answer([capability], call) == ALLOW

        where:
        capability                     | call
        Capability.SYS_ADMIN           | 'mount'
        Capability.SYS_ADMIN           | 'unshare'
        Capability.SYS_ADMIN           | 'setns'
        Capability.SYS_ADMIN           | 'bpf'
        Capability.SYS_ADMIN           | 'mount_setattr'
        Capability.SYS_BOOT            | 'reboot'
        Capability.SYS_CHROOT          | 'chroot'
        Capability.SYS_MODULE          | 'init_module'
        Capability.SYS_NICE            | 'mbind'
        Capability.SYS_PACCT           | 'acct'
        Capability.SYS_PTRACE          | 'kcmp'
        Capability.SYS_RAWIO           | 'iopl'
        Capability.SYS_TIME            | 'settimeofday'
        Capability.SYS_TTY_CONFIG      | 'vhangup'
        Capability.DAC_READ_SEARCH     | 'open_by_handle_at'
        Capability.SYSLOG              | 'syslog'
        Capability.BPF                 | 'bpf'
        Capability.PERFMON             | 'perf_event_open'
    }

    def "clone makes processes, but no namespaces, and clone3 is not there"() {
        expect:
        answer([], 'clone', 17) == ALLOW
        answer([], 'clone', flag | 17) == EPERM
        answer([], 'clone3') == ENOSYS
        answer([Capability.SYS_ADMIN], 'clone', flag | 17) == ALLOW
        answer([Capability.SYS_ADMIN], 'clone3') == ALLOW

        where: 'mount, cgroup, uts, ipc, user, pid, network'
        flag << [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
    }

    def "sockets are of any family but AF_ALG and AF_VSOCK"() {
        expect:
        answer([], 'socket', family) == expected

        where:
        family || expected
        1      || ALLOW
        2      || ALLOW
        10     || ALLOW
        16     || ALLOW
        38     || EPERM
        39     || ALLOW
        40     || EPERM
        44     || ALLOW
    }

    def "execution domain #domain is answered"() {
        expect:
        answer([], 'personality', domain) == expected

        where:
        domain       || expected
        0            || ALLOW
        8            || ALLOW
        0x20000      || ALLOW
        0x20008      || ALLOW
        0xffffffffL  || ALLOW
        0x0400000    || EPERM
    }

    def "the architectures that come along have the same rules"() {
        given: 'mount, which is 21 on x86, and sockets of AF_ALG'
        def filter = filters[[] as Set]

        expect:
        filter.answer(X86, 21) == EPERM
        filter.answer(X86, 3) == ALLOW
        filter.answer(X86, 359, 38) == EPERM
        filter.answer(X86_64, X32_BIT + 165) == EPERM
        filter.answer(X86_64, X32_BIT) == ALLOW
    }

    def "a call from the future is not there"() {
        expect:
        filters[[] as Set].answer(X86_64, 9999) == ENOSYS
    }

    def "on #machine the flags of clone are argument #index"() {
        given:
        def profile = DefaultProfile.forCapabilities([] as Set, machine)

        expect:
        profile.architectures() == architectures
        profile.syscalls().find { it.names() == ['clone'] }.args()*.index() == [index]

        where:
        machine   | architectures                                             | index
        'amd64'   | [SeccompArch.X86_64, SeccompArch.X86, SeccompArch.X32]    | 0
        'aarch64' | [SeccompArch.AARCH64, SeccompArch.ARM]                    | 0
        'riscv64' | []                                                        | 0
        's390x'   | [SeccompArch.S390X, SeccompArch.S390]                     | 1
    }
}
