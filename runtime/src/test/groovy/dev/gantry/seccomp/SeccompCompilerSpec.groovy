package dev.gantry.seccomp

import static dev.gantry.seccomp.FilterMachine.X32_BIT
import static dev.gantry.seccomp.FilterMachine.X86
import static dev.gantry.seccomp.FilterMachine.X86_64

import dev.gantry.error.ConfigException
import dev.gantry.kernel.jnr.SeccompLibrary
import dev.gantry.oci.Seccomp
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompArch
import dev.gantry.oci.SeccompArg
import dev.gantry.oci.SeccompOperator
import dev.gantry.oci.SeccompSyscall
import java.util.concurrent.TimeUnit
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Timeout

/** What the compiled filter answers, by libseccomp of the machine and an interpreter of the programs it makes. */
@Requires(value = { sys['os.arch'] == 'amd64' }, reason = 'the expected filters are those of x86-64')
class SeccompCompilerSpec extends Specification {
    static final int KILL_THREAD = 0
    static final int KILL_PROCESS = (int) 0x80000000L
    static final int TRAP = 0x00030000
    static final int ERRNO = 0x00050000
    static final int NOTIFY = 0x7fc00000
    static final int TRACE = 0x7ff00000
    static final int LOG = 0x7ffc0000
    static final int ALLOW = 0x7fff0000
    static final int EPERM = ERRNO + 1
    static final int ENOSYS = ERRNO + 38

    static final int READ = 0
    static final int MKDIR = 83
    static final int PERSONALITY = 135
    static final int EXECVEAT = 322
    static final int OPENAT2 = 437

    @Shared compiler = new SeccompCompiler(new SeccompLibrary())

    FilterMachine compile(String defaultAction, List<SeccompSyscall> rules, Map more = [:]) {
        new FilterMachine(compiler.compile(new Seccomp(
                SeccompAction.valueOf(defaultAction), more.errnoRet, more.architectures, null, null, null, rules)))
    }

    static SeccompSyscall rule(String name, String action, Map more = [:]) {
        new SeccompSyscall([name], SeccompAction.valueOf(action), more.errnoRet, more.args)
    }

    static SeccompArg arg(long index, long value, String op, Long valueTwo = null) {
        new SeccompArg(index, value, valueTwo, SeccompOperator.valueOf(op))
    }

    def "a rule can have action #action"() {
        expect:
        compile('ALLOW', [rule('mkdir', action)]).answer(X86_64, MKDIR) == answer

        where:
        action         || answer
        'KILL'         || KILL_THREAD
        'KILL_THREAD'  || KILL_THREAD
        'KILL_PROCESS' || KILL_PROCESS
        'TRAP'         || TRAP
        'ERRNO'        || EPERM
        'TRACE'        || TRACE + 1
        'LOG'          || LOG
        'NOTIFY'       || NOTIFY
    }

    def "the default action can be #action"() {
        given:
        def filter = compile(action, [rule('mkdir', 'KILL_PROCESS'), rule('execveat', 'ALLOW')], more)

        expect:
        filter.answer(X86_64, READ) == answer
        filter.answer(X86_64, MKDIR) == KILL_PROCESS

        where:
        action        | more                  || answer
        'KILL'        | [:]                   || KILL_THREAD
        'KILL_THREAD' | [:]                   || KILL_THREAD
        'TRAP'        | [:]                   || TRAP
        'ERRNO'       | [:]                   || EPERM
        'ERRNO'       | [errnoRet: 13L] || ERRNO + 13
        'TRACE'       | [errnoRet: 7L]  || TRACE + 7
        'LOG'         | [:]                   || LOG
    }

    def "a rule has an errno of its own"() {
        expect:
        compile('ALLOW', [rule('mkdir', 'ERRNO', [errnoRet: 28L])]).answer(X86_64, MKDIR) == ERRNO + 28
    }

    def "an argument is compared by #op"() {
        given:
        def filter = compile('ERRNO', [rule('personality', 'ALLOW', [args: [arg(0, value, op, second)]])])

        expect:
        matching.every { filter.answer(X86_64, PERSONALITY, it as long) == ALLOW }
        others.every { filter.answer(X86_64, PERSONALITY, it as long) == EPERM }

        where:
        op          | value               | second || matching                      | others
        'EQ'        | 8                   | null   || [8]                           | [7, 9, 8 + (1L << 32)]
        'NE'        | 8                   | null   || [7, 9, 8 + (1L << 32)]        | [8]
        'LT'        | 8                   | null   || [0, 7]                        | [8, 9, -1L]
        'LE'        | 8                   | null   || [0, 8]                        | [9, -1L]
        'GE'        | 8                   | null   || [8, 9, -1L]                   | [0, 7]
        'GT'        | 8                   | null   || [9, 1L << 40, -1L]            | [0, 8]
        'MASKED_EQ' | 0x7e020000          | 0L     || [0, 17, 1L << 40]             | [0x20000, 0x10000011]
        'MASKED_EQ' | 0xf0                | 0x30L  || [0x30, 0x3f]                  | [0x20, 0x70]
        'EQ'        | 0x7fffffffffffffffL | null   || [Long.MAX_VALUE]              | [-1L, 0x7fffffff]
    }

    def "arguments of one rule must all match, several rules need but one"() {
        given:
        def filter = compile('ERRNO', [
            rule('mkdir', 'ALLOW', [args: [arg(0, 1, 'EQ'), arg(1, 2, 'EQ')]]),
            rule('mkdir', 'ALLOW', [args: [arg(0, 5, 'EQ')]])])

        expect:
        filter.answer(X86_64, MKDIR, 1, 2) == ALLOW
        filter.answer(X86_64, MKDIR, 1, 3) == EPERM
        filter.answer(X86_64, MKDIR, 5, 3) == ALLOW
    }

    def "a rule that compares one argument twice stands for two, as in runc"() {
        given:
        def filter = compile('ERRNO', [rule('mkdir', 'ALLOW', [args: [arg(0, 1, 'EQ'), arg(0, 2, 'EQ')]])])

        expect:
        filter.answer(X86_64, MKDIR, 1) == ALLOW
        filter.answer(X86_64, MKDIR, 2) == ALLOW
        filter.answer(X86_64, MKDIR, 3) == EPERM
    }

    def "rules that say what happens anyway, and names that nobody knows, are ignored"() {
        expect:
        compile('ERRNO', [rule('mkdir', 'ERRNO'), rule('no_such_call', 'ALLOW'), rule('read', 'ALLOW')]).length ==
                compile('ERRNO', [rule('mkdir', 'ERRNO'), rule('read', 'ALLOW')]).length
    }

    def "calls newer than the newest named one are not there, whatever the default is"() {
        given:
        def filter = compile(defaultAction, [rule('execveat', 'ALLOW')])

        expect:
        filter.answer(X86_64, EXECVEAT) == ALLOW
        filter.answer(X86_64, MKDIR) == answer
        filter.answer(X86_64, EXECVEAT + 1) == ENOSYS
        filter.answer(X86_64, OPENAT2) == ENOSYS
        filter.answer(X86_64, 9999) == ENOSYS

        where:
        defaultAction  || answer
        'ERRNO'        || EPERM
        'KILL'         || KILL_THREAD
        'KILL_PROCESS' || KILL_PROCESS
        'TRAP'         || TRAP
    }

    def "a rule against a call makes it a known one"() {
        given:
        def filter = compile('KILL', [rule('read', 'ALLOW'), rule('openat2', 'ERRNO'), rule('mkdir', 'KILL')])

        expect:
        filter.answer(X86_64, OPENAT2) == EPERM
        filter.answer(X86_64, OPENAT2 - 1) == KILL_THREAD
        filter.answer(X86_64, OPENAT2 + 1) == ENOSYS
    }

    def "default #defaultAction has its way with newer calls too"() {
        expect:
        compile(defaultAction, [rule('read', 'KILL')]).answer(X86_64, 9999) == answer

        where:
        defaultAction || answer
        'ALLOW'       || ALLOW
        'LOG'         || LOG
        'TRACE'       || TRACE + 1
    }

    def "a profile that names nothing knows nothing newer"() {
        expect:
        compile('KILL', []).answer(X86_64, 9999) == KILL_THREAD
    }

    def "each architecture has numbers and a newest call of its own"() {
        given: 'preadv2 is 327 on x86-64, 378 on x86, and 546, among the second entries, on x32'
        def filter = compile('ERRNO', [rule('preadv2', 'ALLOW'), rule('mkdir', 'ALLOW')],
                [architectures: [SeccompArch.X86, SeccompArch.X32]])

        expect:
        filter.answer(architecture, number) == answer

        where:
        architecture | number        || answer
        X86_64       | 327           || ALLOW
        X86_64       | 83            || ALLOW
        X86_64       | 82            || EPERM
        X86_64       | 328           || ENOSYS
        X86          | 378           || ALLOW
        X86          | 39            || ALLOW
        X86          | 83            || EPERM
        X86          | 379           || ENOSYS
        X86_64       | X32_BIT + 83  || ALLOW
        X86_64       | X32_BIT + 82  || EPERM
        X86_64       | X32_BIT + 84  || ENOSYS
        X86_64       | X32_BIT + 511 || ENOSYS
        X86_64       | X32_BIT + 520 || EPERM
        X86_64       | X32_BIT + 546 || ALLOW
        X86_64       | X32_BIT + 548 || ENOSYS
        X86_64       | -1            || EPERM
    }

    def "calls of an architecture that the profile leaves out are killed"() {
        given:
        def filter = compile('ERRNO', [rule('mkdir', 'ALLOW')])

        expect:
        filter.answer(X86, 39) == KILL_THREAD
        filter.answer(X86, 9999) == KILL_THREAD
        filter.answer(X86_64, X32_BIT + 83) == KILL_THREAD
        filter.answer(0x40000028, 39) == KILL_THREAD
    }

    def "#what is refused"() {
        when:
        compile('ERRNO', rules, [architectures: architectures])

        then:
        def e = thrown(ConfigException)
        e.message ==~ message

        where:
        what                     | rules                                      | architectures       || message
        'another byte order'     | []                                         | [SeccompArch.S390X] ||
            /`SCMP_ARCH_S390X` cannot be covered here: / +
                /numerical argument out of domain \(EDOM\) \[linux\.seccomp\.architectures\[0\]\]/
        'a contradiction'        | [mkdirIf('ALLOW'), mkdirIf('KILL')]        | []                  ||
            /the rule for `mkdir`: contradicts an earlier one \[linux\.seccomp\.syscalls\[1\]\]/
        'more than a filter has' |
            (0..3000).collect { rule('mkdir', 'ALLOW', [args: [arg(0, it, 'EQ'), arg(1, it, 'EQ')]]) } | [] ||
                /the filter has \d+ instructions, more than 4096 \[linux\.seccomp\]/
        'more than it may have'  | (0..4096).collect { mkdirIf('ALLOW', it) } | []                  ||
            /the filter would have more than 4096 rules \[linux\.seccomp\.syscalls\[4096\]\]/
    }

    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    def "what a profile says again and again costs no more than once"() {
        given: 'names and alternatives, ten million in all'
        def rules = (1..5).collect {
            new SeccompSyscall(['mkdir', 'read'] * 5000, SeccompAction.ERRNO, null, [arg(0, 1, 'EQ')] * 200)
        }

        expect:
        compile('ALLOW', rules).answer(X86_64, MKDIR, 1) == EPERM
        compile('ALLOW', rules).answer(X86_64, MKDIR, 2) == ALLOW
    }

    private static SeccompSyscall mkdirIf(String action, long value = 1) {
        rule('mkdir', action, [args: [arg(0, value, 'EQ')]])
    }
}
