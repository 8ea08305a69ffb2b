package dev.gantry.spec

import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.Cpu
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Pids
import dev.gantry.oci.Resources
import dev.gantry.oci.User
import dev.gantry.oci.codec.OciWriter
import dev.gantry.plan.GantryAnnotations
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.Outcome
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Requires
import spock.lang.Shared

/**
 * All of it as a user other than root, who is made for this: scripts, the command line, and maps of more than one id.
 */
@RequiresKernel(programs = ['busybox:busybox-static', 'useradd:passwd', 'setpriv:util-linux', 'newuidmap:uidmap'])
class RootlessKernelSpec extends ContainerSpecification {
    @Shared @AutoCleanup UnprivilegedUser user
    @Shared Path box
    @Shared private int named

    def setupSpec() {
        user = new UnprivilegedUser()
        box = user.bundle('box')
    }

    def cleanup() {
        def left = user.gantry(user.home, 'list', '-q').out.readLines()
        left.each { user.gantry(user.home, 'delete', '-f', it) }
    }

    private String name() {
        "c${named++}"
    }

    private OciConfig config(OciConfig spec = OciDefaults.rootlessSpec(user.uid, user.uid), String... args) {
        spec.toBuilder().process(spec.process().toBuilder().terminal(false).args(args.toList()).build()).build()
    }

    private void write(OciConfig config) {
        Files.writeString(box.resolve('config.json'), OciWriter.text(config))
    }

    private Outcome runConfig(OciConfig config) {
        write(config)
        user.gantry(box, 'run', name())
    }

    private OciConfig mapped(OciConfig config, List<IdMapping> map) {
        config.toBuilder().linux(config.linux().toBuilder().uidMappings(map).gidMappings(map).build()).build()
    }

    def "the first example runs"() {
        when:
        def outcome =
            user.gantry(user.home, GantryCommand.LAUNCHER.resolveSibling('examples/hello.ctr.groovy').toString())

        then:
        outcome.exit == 0
        outcome.out.contains('hello')
        !outcome.err.contains('\tat ')
    }

    @Requires(value = { LinuxKernel.load().landlockVersion() > 0 }, reason = 'the kernel must have Landlock')
    def "Landlock restricts a user's container, and what is added to it"() {
        given:
        def rules = '{"paths":[{"path":"/bin","access":["exec"]},{"path":"/dev","access":["write"]}]}'
        write(config('sh', '-c', 'ls /tmp; echo $?').toBuilder().annotations([(GantryAnnotations.LANDLOCK): rules])
            .build())

        expect:
        user.gantry(box, 'run', name()).with { out == '1\n' && err.contains('Permission denied') }

        when:
        write(config('sleep', '100').toBuilder().annotations([(GantryAnnotations.LANDLOCK): rules]).build())
        def id = name()
        user.gantry(box, 'run', '-d', id)

        then:
        user.gantry(box, 'exec', id, 'ls', '/tmp').err.contains('Permission denied')
    }

    def "a script writes to its view of the machine, and the machine stays as it is"() {
        given:
        def own = Files.writeString(user.home.resolve('own'), 'mine')
        ['unix:uid', 'unix:gid'].each { Files.setAttribute(own, it, user.uid.toInteger()) }
        Files.writeString(user.home.resolve('x.ctr.groovy'), """\
            def box = container('box') {
                process { args 'sleep', '100' }
            }
            box.start()
            def script = 'echo changed > $own; mkdir -p /new; cat $own; id -u; ' +
                'cat /proc/self/uid_map; echo x > /etc/hostname || echo refused'
            println box.exec('sh', '-c', script).text
            """.stripIndent())

        when:
        def outcome = user.gantry(user.home, 'x.ctr.groovy')

        then: 'and what is not the user\'s he cannot change even here'
        outcome.exit == 0
        outcome.out.readLines()*.trim()*.replaceAll(/ +/, ' ').findAll() ==
            ['changed', '0', "0 $user.uid 1".toString(), '1 700000 65536', 'refused']
        Files.readString(own) == 'mine'
        !Files.exists(Path.of('/new'))
    }

    def "namespaces of the host's are shared, and shown, with a user namespace that is given: #type"() {
        given: 'the mounts as they are written for root'
        def spec = OciDefaults.rootlessSpec(user.uid, user.uid)
        def namespaces = spec.linux().namespaces().findAll { it.type() != type }
        def mounts = OciDefaults.spec().mounts()
            .collect { it.type() == 'devpts' ? spec.mounts().find { own -> own.type() == 'devpts' } : it }
        def shared = spec.toBuilder().mounts(mounts).linux(spec.linux().toBuilder().namespaces(namespaces).build())
            .hostname(null).build()

        when:
        def outcome = runConfig(config(shared, 'sh', '-c', "readlink /proc/self/ns/$file; stat -f -c %T /proc /sys"))

        then:
        outcome.err == ''
        outcome.out.readLines() == [Files.readSymbolicLink(Path.of("/proc/self/ns/$file")).toString(), 'proc', 'sysfs']

        where:
        type                  | file
        NamespaceType.NETWORK | 'net'
        NamespaceType.PID     | 'pid'
        NamespaceType.UTS     | 'uts'
    }

    def "`spec --rootless` makes a bundle that runs, its state below XDG_RUNTIME_DIR"() {
        given:
        Files.deleteIfExists(box.resolve('config.json'))

        expect:
        user.gantry(box, 'spec', '--rootless').exit == 0

        when:
        def id = name()
        Files.writeString(box.resolve('config.json'), Files.readString(box.resolve('config.json'))
                .replace('"terminal": true', '"terminal": false').replaceFirst(/"sh"/, '"sleep", "100"'))
        def started = user.gantry(box, 'run', '-d', id)

        then:
        started.exit == 0
        Files.isDirectory(user.home.resolve("run/gantry/$id"))
        user.gantry(box, 'list', '-q').out == "$id\n".toString()
        user.gantry(box, 'state', id).out.contains('"status": "running"')
        user.gantry(box, 'exec', id, 'id').out.startsWith('uid=0(root) gid=0')
        user.gantry(box, 'exec', id, 'sh', '-c', 'exit 7').exit == 7

        when:
        def deleted = user.gantry(box, 'delete', '-f', id)

        then:
        deleted.exit == 0
        user.gantry(box, 'list', '-q').out == ''
        Files.list(user.home.resolve('run/gantry'))
            .withCloseable { it.filter { !it.fileName.toString().startsWith('.') }.toList() } == []
    }

    def "a created container takes processes, and starts: #what"() {
        given:
        write(change(config('sleep', '100')))
        def id = name()

        expect:
        user.gantry(box, 'create', id).exit == 0
        user.gantry(box, 'exec', id, 'id', '-u').out == "$uid\n".toString()
        user.gantry(box, 'start', id).exit == 0
        user.gantry(box, 'exec', id, 'cat', '/proc/1/comm').out == 'sleep\n'

        where:
        what                    | change || uid
        'as the user'           | { it } || 0
        'as a subordinate user' |
            { asUser(mapped(it, [new IdMapping(0L, user.uid, 1L), new IdMapping(1L, 700_000L, 65_536L)]), 33L) } || 33
    }

    private OciConfig asUser(OciConfig config, long id) {
        config.toBuilder().process(config.process().toBuilder().user(User.builder().uid(id).gid(id).build()).build())
            .build()
    }

    def "ids of /etc/subuid are mapped as podman does, and groups can be set then"() {
        given:
        def map = [new IdMapping(0L, user.uid, 1L), new IdMapping(1L, 700_000L, 65_536L)]
        def several = mapped(config('sh', '-c', 'id -G; tr -s " " < /proc/self/uid_map; cat /proc/self/setgroups; ' +
            'chown 7:7 /tmp/x; stat -c %u /tmp/x'), map)
        def as33 = User.builder().uid(0L).gid(33L).additionalGids([5L, 6L]).build()
        several = several.toBuilder().process(several.process().toBuilder().user(as33)
                .capabilities(several.process().capabilities().toBuilder().bounding(['CAP_CHOWN'])
                .effective(['CAP_CHOWN']).permitted(['CAP_CHOWN']).build()).build()).build()
        Files.createDirectories(box.resolve('rootfs/tmp'))
        Files.writeString(box.resolve('rootfs/tmp/x'), '')
        Files.setAttribute(box.resolve('rootfs/tmp/x'), 'unix:uid', user.uid.toInteger())
        Files.setAttribute(box.resolve('rootfs/tmp/x'), 'unix:gid', user.uid.toInteger())

        when:
        def outcome = runConfig(several.toBuilder().root(new dev.gantry.oci.Root('rootfs', false)).build())

        then:
        outcome.out.readLines()*.trim() == ['33 5 6', "0 $user.uid 1".toString(), '1 700000 65536', 'allow', '7']
        Files.getAttribute(box.resolve('rootfs/tmp/x'), 'unix:uid') == 700_006

        cleanup:
        Files.deleteIfExists(box.resolve('rootfs/tmp/x'))
    }

    def "the own id alone is mapped without help, wherever it is mapped to: #inside"() {
        given:
        def one = mapped(config('sh', '-c', 'tr -s " " < /proc/self/uid_map; cat /proc/self/setgroups; id -u'),
            [new IdMapping(inside, user.uid, 1L)])

        expect:
        runConfig(asUser(one, inside)).out.readLines()*.trim() ==
            ["$inside $user.uid 1".toString(), 'deny', "$inside".toString()]

        where:
        inside << [0L, 1000L]
    }

    def "#what is told in one line"() {
        given:
        def outcome = runConfig(change(config('true')))

        expect:
        outcome.exit == 1
        outcome.err.readLines().size() == 1
        outcome.err.contains(said)

        where:
        what                            | change                                      || said
        'an id that is not the user\'s' | { mapped(it, [new IdMapping(0L, 0L, 1L)]) } || 'newuidmap'
        'an id that nobody gave' | { mapped(it, [new IdMapping(0L, user.uid, 1L), new IdMapping(1L, 900_000L, 5L)]) } ||
            'map only ids that are yours or that `/etc/subuid` gives you'
        'a user that is not mapped'     | { asUser(it, 5L) }                          ||
            'hint: the user namespace maps no such id'
        'a file of root\'s' | { it.toBuilder().mounts(
            it.mounts() + Mount.builder().destination('/x').type('bind').source('/root/x').options(['bind']).build()
        ).build() } ||
            'permission denied (EACCES)'
    }

    def "where newuidmap is not installed, that is told"() {
        given:
        write(mapped(config('true'), [new IdMapping(0L, user.uid, 1L), new IdMapping(1L, 700_000L, 65_536L)]))
        def bin = Files.createDirectories(user.home.resolve('bin'))
        ['sh', 'java', 'dirname', 'readlink', 'find', 'uname', 'setpriv'].each {
            def program = ['/usr/bin', '/bin'].collect { dir -> Path.of(dir, it) }.find { p -> Files.exists(p) }
            Files.deleteIfExists(bin.resolve(it))
            Files.createSymbolicLink(bin.resolve(it), program)
        }
        def customary = user.environment
        user.environment = customary + [PATH: bin.toString()]

        when:
        def outcome = user.gantry(box, 'run', name())

        then:
        outcome.exit == 1
        outcome.err.contains('`newuidmap` is not there, which maps ids for users other than root; ' +
            'hint: install it: package uidmap or shadow-utils')

        cleanup:
        user.environment = customary
    }

    def "limits that nobody delegated are told and left"() {
        given:
        def spec = config('true')
        def limits = Resources.builder().pids(new Pids(5L)).build()

        when:
        def outcome = runConfig(spec.toBuilder().linux(spec.linux().toBuilder().resources(limits).build()).build())

        then:
        outcome.exit == 0
        outcome.err.contains('warning')
        outcome.err.contains('limits')
    }

    def "a config that was not written for it gets a user namespace, and a note"() {
        when:
        def outcome = runConfig(config(OciDefaults.spec(), 'sh', '-c', 'id -u; stat -f -c %T /sys; ' +
            'stat -c %g:%a /dev/pts/ptmx; touch /sys/fs/cgroup/x || echo refused'))

        then:
        outcome.exit == 0
        outcome.out.readLines() == ['0', 'sysfs', '0:666', 'refused']
        outcome.err.contains("without root it has a user namespace, whose root is user `$user.uid` [linux.namespaces]")
    }

    def "where the container's root is a subordinate user, only programs in it act as that one: #what"() {
        given:
        Files.writeString(user.home.resolve('x.ctr.groovy'), """\
            def box = container('box') {
                mounts { tmpfs '/tmp' }
                namespaces {
                    user {
                        uidMapping containerID: 0, hostID: 700000, size: 1000
                        uidMapping containerID: 1000, hostID: $user.uid, size: 1
                        gidMapping containerID: 0, hostID: 700000, size: 1000
                        gidMapping containerID: 1000, hostID: $user.uid, size: 1
                    }
                }
                process { args 'sleep', '100' }
            }
            box.start()
            box.exec('sh', '-c', 'umask 077; echo mine >/tmp/mine; umask 022; echo all >/tmp/all').check()
            new File('source').text = 'source'
            $line
            """.stripIndent())

        when:
        def outcome = user.gantry(user.home, 'x.ctr.groovy')

        then:
        outcome.exit == (expected.startsWith('hint: ') ? 1 : 0)
        (outcome.out + outcome.err).readLines().any { it.endsWith(expected.replace('USER', "$user.uid")) }

        where:
        what                   | line                                     || expected
        'reading what all may' | "println box.fs['/tmp/all'].text.trim()" || 'all'
        'reading'              | "println box.fs['/tmp/mine'].text"       || REMEDY
        'writing'              | "box.fs['/tmp/all'] << 'x'"              || REMEDY
        'making'               | "box.fs['/tmp/new'].text = 'x'"          || REMEDY
        'making directories'   | "box.fs['/tmp/a/b'].mkdirs()"            || REMEDY
        'deleting'             | "box.fs['/tmp/all'].delete()"            || REMEDY
        'copying in'           | "box.copyIn('source', '/tmp/new')"       || REMEDY
        'the remedy'           |
            "box.exec('sh', '-c', 'cat >/tmp/new', stdin: 'text').check(); println box.fs['/tmp/new'].text" || 'text'
    }

    private static final String REMEDY =
            'hint: its root is user `700000`, you are user `USER`; ' +
            'let a program in it do it: `exec`, with `stdin` to write'
}
