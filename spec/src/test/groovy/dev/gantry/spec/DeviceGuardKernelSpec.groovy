package dev.gantry.spec

import static dev.gantry.oci.DeviceRuleType.ALL
import static dev.gantry.oci.DeviceRuleType.BLOCK
import static dev.gantry.oci.DeviceRuleType.CHARACTER

import dev.gantry.cgroup.DeviceGuard
import dev.gantry.cgroup.Hierarchies
import dev.gantry.kernel.Fd
import dev.gantry.kernel.OpenFlag
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.DeviceRule
import dev.gantry.oci.DeviceRuleType
import dev.gantry.spec.support.Command
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** The kernel's own judgement of device programs, in a cgroup of the v2 hierarchy (alone or beside v1 ones). */
@RequiresKernel
class DeviceGuardKernelSpec extends Specification {
    private static final DeviceRule ALLOW_ALL = allow(ALL, null, null, 'rwm')
    private static final DeviceRule DENY_ALL = deny(ALL, null, null, 'rwm')

    @Shared LinuxKernel kernel = LinuxKernel.load()
    @TempDir Path dir
    Path cgroup

    def setup() {
        def v2 = Hierarchies.read().find { it.unified() }
        cgroup = Files.createDirectory(Path.of(v2.mountPoint() +
            v2.ownPath(), "gantry-guard-${ProcessHandle.current().pid()}"))
    }

    def cleanup() {
        cgroup.toFile().delete()
    }

    def "#rules.size() rules (#what)"() {
        when:
        new DeviceGuard(kernel, cgroup.toString()).set(rules)

        then:
        allowed() == (may as Set)

        where:
        what                              | rules                                     || may
        'none'                            | []                                        || []
        'all'                             | [ALLOW_ALL]                               ||
            ['read null', 'write null', 'read zero', 'make null', 'make loop']
        'all but one'                     | [ALLOW_ALL, deny(CHARACTER, 1, 3, 'rwm')] || ['read zero', 'make loop']
        'all but the reading of one'      | [ALLOW_ALL, deny(CHARACTER, 1, 3, 'r')]   ||
            ['write null', 'read zero', 'make null', 'make loop']
        'nothing but one'                 | [DENY_ALL, allow(CHARACTER, 1, 3, 'rwm')] ||
            ['read null', 'write null', 'make null']
        'what was allowed, denied'        | [allow(CHARACTER, 1, 3, 'rwm'), DENY_ALL] || []
        'a kind of access each'           | [allow(CHARACTER, 1, 3, 'r'), allow(ALL, null, null, 'w')] ||
            ['read null', 'write null']
        'all minors of a major'           | [allow(CHARACTER, 1, null, 'r')]          || ['read null', 'read zero']
        'all majors of a minor'           | [allow(CHARACTER, null, 5, 'r')]          || ['read zero']
        'blocks only'                     | [allow(BLOCK, null, null, 'rwm')]         || ['make loop']
        'the making of any, reading none' | [ALLOW_ALL, deny(ALL, null, null, 'rw')]  || ['make null', 'make loop']
        'a number that no device has'     | [ALLOW_ALL, deny(CHARACTER, 0x1_0000_0001L, null, 'rwm')] ||
            ['read null', 'write null', 'read zero', 'make null', 'make loop']
        'nothing asked for'               | [ALLOW_ALL, deny(CHARACTER, 1, 3, '')]    ||
            ['read null', 'write null', 'read zero', 'make null', 'make loop']
        'two thousand'                    | [ALLOW_ALL] + (1..2009).collect { deny(CHARACTER, 1000 + it, it, 'rwm') } ||
            ['read null', 'write null', 'read zero', 'make null', 'make loop']
    }

    def "new rules take the place of the old ones, and only one program is there"() {
        given:
        def guard = new DeviceGuard(kernel, cgroup.toString())

        when:
        guard.set([ALLOW_ALL])
        guard.set([DENY_ALL])
        guard.set([allow(CHARACTER, 1, 5, 'r')])

        then:
        allowed() == ['read zero'] as Set
        attached() == 1
    }

    def "programs that somebody else has attached are replaced too"() {
        given:
        def guard = new DeviceGuard(kernel, cgroup.toString())
        guard.set([DENY_ALL])
        def program
        kernel.open(cgroup.toString(), OpenFlag.DIRECTORY).withCloseable { dir ->
            def programs = kernel.devicePrograms()
            program = programs.attachedTo(dir)[0]
            programs.detach(dir, program)
            programs.attach(dir, program)
        }
        program.close()

        when:
        guard.set([ALLOW_ALL])

        then:
        attached() == 1
        allowed().contains('read null')
    }

    /** What a process in the cgroup can do. */
    private Set<String> allowed() {
        def script = """\
            cd $dir
            echo \$\$ > $cgroup/cgroup.procs
            t() { what=\$1; shift; "\$@" 2>&4 && echo "\$what" >&3; }
            t 'read null' sh -c ': < /dev/null'
            t 'write null' sh -c ': >> /dev/null'
            t 'read zero' sh -c ': < /dev/zero'
            t 'make null' mknod null c 1 3
            t 'make loop' mknod loop b 7 0
            rm -f null loop
            """
        def out = dir.resolve('out').toFile()
        out.delete()
        new Command('sh', '-c', "exec 3>$out 4>/dev/null 2>&1\n" + script).run()
        out.readLines() as Set
    }

    private int attached() {
        kernel.open(cgroup.toString(), OpenFlag.DIRECTORY).withCloseable { dir ->
            List<Fd> programs = kernel.devicePrograms().attachedTo(dir)
            programs*.close()
            programs.size()
        }
    }

    private static DeviceRule allow(DeviceRuleType type, Long major, Long minor, String access) {
        new DeviceRule(true, type, major, minor, access)
    }

    private static DeviceRule deny(DeviceRuleType type, Long major, Long minor, String access) {
        new DeviceRule(false, type, major, minor, access)
    }
}
