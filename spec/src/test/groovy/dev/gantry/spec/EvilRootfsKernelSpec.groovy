package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.MOUNT

import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.oci.Device
import dev.gantry.oci.DeviceType
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Root
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.Definition
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path

/**
 * Root file systems made by an enemy: links where the runtime makes, mounts or opens something. Each leads to a
 * directory or a file of the host's; whatever becomes of the container, those stay as they are.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class EvilRootfsKernelSpec extends ContainerSpecification {
    private Path place
    private Path rootfs
    private Path outside
    private Path victim
    private List<Object> victimBefore

    def setup() {
        place = Files.createDirectories(shared.resolve(newId()))
        rootfs = place.resolve('rootfs')
        Busybox.rootfs(rootfs)
        outside = Files.createDirectories(shared.resolve("${newId()}-outside"))
        victim = Files.writeString(shared.resolve("${newId()}-victim"), 'untouched')
        victimBefore = look(victim)
    }

    private static List<Object> look(Path file) {
        [Files.readString(file), Files.getAttribute(file, 'unix:uid'), Files.getAttribute(file, 'unix:mode'),
            Files.getLastModifiedTime(file)]
    }

    private void link(String name, Object target) {
        def path = rootfs.resolve(name)
        Files.createDirectories(path.parent)
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            path.toFile().deleteDir()
        }
        Files.createSymbolicLink(path, Path.of(target.toString()))
    }

    private OciConfig bare(List<String> args = ['true']) {
        def config = config(args)
        config.toBuilder().mounts(config.mounts().findAll { !it.destination().startsWith('/dev') }).build()
    }

    private static OciConfig plus(OciConfig config, String destination, String type, Object source, String... options) {
        config.toBuilder().mounts(config.mounts() + Mount.builder().destination(destination).type(type)
                .source(source.toString()).options(options as List).build()).build()
    }

    /** What the container's first process wrote, or the error that there was instead of it. */
    private String outcome(OciConfig config) {
        try {
            run(config, gantry, Definition.of(config, place)).text()
        } catch (ContainerException e) {
            e.line()
        }
    }

    private void untouched() {
        assert outside.toFile().list() == [] as String[]
        assert look(victim) == victimBefore
    }

    def "a link in the place of #name that leads #where lets nothing be made there"() {
        given:
        link(name, target.call(this))

        when:
        outcome(name.startsWith('dev') ? bare() : config())

        then:
        untouched()

        where:
        name            | where                      | target
        'dev'           | 'up and out'               | { "../../${it.outside.fileName}" }
        'dev'           | 'to a path of the host\'s' | { it.outside }
        'dev'           | 'to itself'                | { 'dev' }
        'dev/null'      | 'to a file'                | { it.victim }
        'dev/null'      | 'to a kernel setting'      | { '/proc/sys/kernel/core_pattern' }
        'dev/zero'      | 'to a file'                | { it.victim }
        'dev/ptmx'      | 'to a file'                | { it.victim }
        'dev/fd'        | 'to a directory'           | { it.outside }
        'dev/core'      | 'to a file'                | { it.victim }
        'dev/pts'       | 'to a directory'           | { it.outside }
        'dev/shm'       | 'up and out'               | { "../../../${it.outside.fileName}" }
        'tmp'           | 'to a directory'           | { it.outside }
        'etc'           | 'to a directory'           | { it.outside }
    }

    def "/#name as a link is refused: it would be trusted"() {
        given:
        Files.createDirectories(rootfs.resolve('elsewhere'))
        link(name, target)

        expect:
        outcome(config()).contains("`/$name` must be mounted on ordinary directory: not a directory (ENOTDIR)")

        where:
        name   | target
        'proc' | '/elsewhere'
        'sys'  | '/elsewhere'
        'proc' | '../../elsewhere'
        'proc' | 'elsewhere'
    }

    def "paths are not masked by a null device that is none"() {
        given: 'a link to what the enemy would like to write'
        link('dev/null', '/proc/sys/kernel/core_pattern')
        def before = Files.readString(Path.of('/proc/sys/kernel/core_pattern'))

        expect:
        outcome(bare()).contains('another file is in its place: file exists (EEXIST)')
        Files.readString(Path.of('/proc/sys/kernel/core_pattern')) == before

        when: 'it is a link to a file of the host that is bound, and /dev is not mounted'
        def wanted = plus(bare(), '/victim', 'bind', victim, 'bind')
        link('dev/null', '/victim')

        then:
        outcome(wanted).contains('another file is in its place: file exists (EEXIST)')
        untouched()
    }

    def "the terminal is not put over the target of a link in the place of /dev/console"() {
        given:
        def wanted = plus(withProcess(config(), [terminal: true]), '/victim', 'bind', victim, 'bind')
        def mounts = wanted.mounts().findAll { it.destination() != '/dev' }
        link('dev/console', '/victim')
        ['pts', 'shm', 'mqueue'].each { Files.createDirectories(rootfs.resolve("dev/$it")) }

        expect:
        outcome(wanted.toBuilder().mounts(mounts).build())
            .contains('`/dev/console` is not a file: file exists (EEXIST)')
        untouched()
    }

    def "a terminal is made by a real multiplexer only"() {
        given: 'no devpts, but a node or a file in its place'
        def wanted = withProcess(bare(), [terminal: true])
        Files.createDirectories(rootfs.resolve('dev/pts'))
        Command.ok(command, rootfs.resolve('dev/pts/ptmx'), numbers)

        expect:
        outcome(wanted) =~ /open `\/dev\/pts\/ptmx`|is not the one of a devpts/

        where:
        command                | numbers
        ['mknod', '-m', '666'] | ['c', '5', '2']
        ['mknod', '-m', '666'] | ['c', '1', '3']
        ['touch']              | []
    }

    def "a mount point behind a link that leads #where is made beneath the root"() {
        given:
        link('data', target.call(this))

        when:
        def text = outcome(plus(config(
            ['sh', '-c', 'cat /data/deep/file; grep -c " [^ ]*/deep/file " /proc/self/mountinfo']
        ), '/data/deep/file', 'bind', '/etc/hostname', 'bind', 'ro'))

        then:
        text == Files.readString(Path.of('/etc/hostname')) + '1\n'
        untouched()

        where:
        where                      | target
        'up and out'               | { "../../${it.outside.fileName}" }
        'to a path of the host\'s' | { it.outside }
        'nowhere'                  | { '/not/there' }
        'to another link'          | { it.link('other', it.outside); 'other' }
    }

    def "links in a circle are an error"() {
        given:
        link('a', 'b')
        link('b', 'a')

        expect:
        outcome(plus(config(), '/a/x', 'tmpfs', 'tmpfs')).contains('too many levels of symbolic links (ELOOP)')
    }

    def "a file that is bound over the container's own does not cover the host's"() {
        given:
        link('etc/hosts', '/etc/passwd')

        expect:
        outcome(plus(config(['cat', '/etc/passwd']), '/etc/hosts', 'bind', victim, 'bind', 'ro')) == 'untouched'
        !Files.readString(Path.of('/etc/passwd')).contains('untouched')
    }

    def "a device behind a link is made beneath the root"() {
        given:
        link('odd', outside)
        def device = new Device(DeviceType.CHARACTER, '/odd/null', 1L, 3L, 0666L, 0L, 0L)

        expect:
        outcome(withLinux(config(['stat', '-L', '-c', '%t:%T', '/odd/null']), [devices: [device]])) == '1:3\n'
        untouched()
    }

    def "what a tmpfs begins with is copied from beneath the root"() {
        given:
        Files.writeString(outside.resolve('secret'), 'secret')
        link('copied', outside)

        expect:
        outcome(plus(config(['ls', '/copied']), '/copied', 'tmpfs', 'tmpfs', 'tmpcopyup')) == ''

        cleanup:
        Files.delete(outside.resolve('secret'))
    }

    def "#what behind a link that leads out is the container's own"() {
        given:
        Files.createDirectories(rootfs.resolve('own'))
        Files.writeString(rootfs.resolve('own/file'), 'own')
        link('link', '../../../../../../own')
        def linux = withLinux(config(['sh', '-c', script]), [(property): ['/link']])

        expect:
        outcome(linux).contains(said)

        where:
        what               | property        | script                   || said
        'a masked path'    | 'maskedPaths'   | 'ls /own | wc -l'        || '0'
        'a read-only path' | 'readonlyPaths' | 'touch /own/file 2>&1'   || 'Read-only file system'
    }

    def "the working directory is made beneath the root"() {
        given:
        link('work', outside)

        expect:
        outcome(withProcess(config(['pwd']), [cwd: '/work/deep'])).trim() == "$outside/deep".toString()
        untouched()
    }

    def "a root that is to be read-only is, whatever is mounted below /proc: #destination"() {
        given:
        def wanted = plus(config(['sh', '-c', 'touch /x && echo writable']), destination, type, source.call(this),
            *options).toBuilder().root(new Root('rootfs', true)).build()

        expect:
        !outcome(wanted).contains('writable')

        where:
        destination        | type    | source          | options
        '/proc/self/fd'    | 'tmpfs' | { 'tmpfs' }     | []
        '/proc/1/fd'       | 'bind'  | { it.outside }  | ['bind']
        '/proc/thread-self'| 'bind'  | { it.outside }  | ['bind']
    }

    def "a mount over #destination is refused: #what"() {
        when:
        def text = outcome(plus(config(), destination, type, source.call(this), *options))

        then:
        text.contains(said)
        untouched()

        where:
        what      | destination | type    | source      | options || said
        'a tmpfs' | '/proc'     | 'tmpfs' | { 'tmpfs' } | []      || 'only proc may be mounted on `/proc`'
        'a directory with attributes of its own'| '/proc' | 'bind' | { it.outside } | ['bind'] ||
            'is another file system than belongs there'
        'a tmpfs'                | '/proc/self/attr'           | 'tmpfs' | { 'tmpfs' }            | []       ||
            'is inside /proc'
        'another file of procfs' | '/proc/self/attr/exec'      | 'bind'  | { '/proc/self/sched' } | ['bind'] || '/proc'
        'another file of procfs' | '/proc/sys/kernel/hostname' | 'bind'  | { '/proc/version' }    | ['bind'] ||
            'is inside /proc'
        'a tmpfs'                | '/sys'                      | 'tmpfs' | { 'tmpfs' }            | []       ||
            'only sysfs may be mounted on `/sys`'
        'a tmpfs'                | '/'                         | 'tmpfs' | { 'tmpfs' }            | []       ||
            'is the root itself'
    }

    def "what procfs shows of the machine may be covered: #path"() {
        expect:
        outcome(plus(config(['cat', path]), path, 'bind', victim, 'bind', 'ro')) == 'untouched'

        where:
        path << ['/proc/cpuinfo', '/proc/diskstats', '/proc/meminfo', '/proc/stat', '/proc/swaps', '/proc/uptime',
            '/proc/loadavg'].findAll { Files.exists(Path.of(it)) }
    }

    def "a link to what may be covered, or from it, is no way around"() {
        given:
        link('uptime', '/proc/sys/kernel/panic')

        expect:
        outcome(plus(config(), '/uptime', 'bind', victim, 'bind'))
            .contains('mount point `/uptime` is inside /proc: operation not permitted (EPERM)')
    }
}
