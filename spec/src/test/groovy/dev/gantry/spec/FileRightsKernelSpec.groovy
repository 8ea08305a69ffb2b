package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.error.ContainerException
import dev.gantry.oci.Hook
import dev.gantry.oci.Hooks
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.Root
import dev.gantry.plan.GantryAnnotations
import dev.gantry.runtime.Container
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import spock.util.concurrent.PollingConditions

/** What root of a container with a user namespace cannot do with a file of the host, a script does not do for it. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class FileRightsKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]
    private static final String DENIED =
            'it belongs to a user or a group that does not exist in the container\'s user namespace (EACCES)'

    private final PollingConditions soon = new PollingConditions(timeout: 30)

    /** A directory of the host's root, with a program, a file, and one that everybody may write. */
    private Path directory() {
        def directory = Files.createDirectories(shared.resolve(newId()))
        Files.copy(bundle.resolve('rootfs/bin/busybox'), directory.resolve('busybox'))
        ['old', 'proc', 'tmp', 'sub', 'bin'].each { Files.createDirectory(directory.resolve(it)) }
        Files.createSymbolicLink(directory.resolve('bin/sh'), Path.of('/busybox'))
        text(directory.resolve('file'), 'precious', 0644)
        text(directory.resolve('open'), 'precious', 0666)
        text(directory.resolve('sub/file'), 'precious', 0644)
        ['': 0755, busybox: 0755, bin: 0755, old: 0755, proc: 0755, tmp: 01777, sub: 0755].each { name, mode ->
            Files.setAttribute(directory.resolve(name), 'unix:mode', mode)
        }
        text(directory.resolve('tmp/file'), 'precious', 0644)
        directory
    }

    private static Path text(Path place, String text, int mode) {
        Files.writeString(place, text)
        Files.setAttribute(place, 'unix:mode', mode)
    }

    /**
     * A container with all capabilities in a user namespace of its own, and a directory of the host's that is bound.
     */
    private Container binding(Path directory, String script = 'exec sleep 1000', String hook = 'true') {
        Files.createDirectories(bundle.resolve('rootfs/host'))
        def bind = Mount.builder().destination('/host').type('bind').source(directory.toString())
            .options(['bind', 'rw']).build()
        def able = withAllCapabilities(config(['sh', '-c', script]))
        def atStart = [new Hook('/bin/busybox', ['sh', '-c', hook], [], null)]
        def bound = able.toBuilder().mounts(able.mounts() + bind).hooks(new Hooks([], [], [], atStart, [], [])).build()
        start(withLinux(withNamespace(bound, USER), [uidMappings: MAP, gidMappings: MAP]))
    }

    /** Everything that there is to see of a tree: names, kinds, modes, owners, contents. */
    private static List<String> look(Path directory) {
        def found = []
        directory.toFile().eachFileRecurse { entry ->
            def file = entry.toPath()
            def all = Files.readAttributes(file, 'unix:mode,uid,gid', LinkOption.NOFOLLOW_LINKS)
            def content = Files.isRegularFile(file) && file.fileName.toString() != 'busybox' ? entry.text : ''
            found << sprintf('%s %o %d:%d %s', directory.relativize(file), all.mode, all.uid, all.gid, content)
        }
        found.sort()
    }

    private static InputStream evil() {
        new ByteArrayInputStream('evil'.bytes)
    }

    private static void refused(Closure action) {
        try {
            action()
        } catch (ContainerException e) {
            assert e.message.contains(DENIED)
            return
        }
        assert false: 'nothing was refused'
    }

    def "a root that the container has entered is not its own: #how"() {
        given:
        def directory = directory()
        def source = Files.writeString(shared.resolve(newId()), 'evil')
        def container = binding(directory, script, hook)
        def before = look(directory)
        def pid = container.state().pid()
        soon.eventually {
            assert new File("/proc/$pid/cmdline").text.split('\0') as List == ['/busybox', 'sleep', '1000']
        }

        expect:
        container.state().root().inode() == Files.getAttribute(bundle.resolve('rootfs'), 'unix:ino')
        refused { container.root().write('/file', evil()) }
        refused { container.root().write('/new', evil()) }
        refused { container.root().makeDirectories('/new') }
        refused { container.root().delete('/sub/file') }
        refused { container.root().copyIn(source, '/file') }
        look(directory) == before

        where:
        how                    | script                                                         | hook
        'chroot'               | 'exec chroot /host /busybox sleep 1000'                        | 'true'
        'pivot_root'           | 'cd /host && pivot_root . old && exec /busybox sleep 1000'     | 'true'
        'a mount over `/`'     | 'mount -o bind /host / && exec chroot /.. /busybox sleep 1000' | 'true'
        'pivot_root of a hook' | 'exec /busybox sleep 1000'                                     |
            'cd /host && pivot_root . old'
    }

    def "the rootfs is the container's for every process that has its state, whoever owns it"() {
        given:
        def id = binding(directory()).id()
        def other = Gantry.open(GantryOptions.at(stateRoot))

        when:
        other.container(id).root().write('/tmp/new', evil())

        then:
        Files.readString(bundle.resolve('rootfs/tmp/new')) == 'evil'

        when: 'the state is one of a Gantry that did not say which root it is'
        def state = stateRoot.resolve(id).resolve('state.json')
        Files.writeString(state, Files.readString(state).replaceFirst(/"root":\{[^}]*\},/, ''))

        then:
        !Files.readString(state).contains('"root"')
        refused { other.container(id).root().delete('/tmp/new') }
        other.container(id).root().with { root ->
            root.write('/dev/shm/new', evil())
            new String(root.read('/dev/shm/new')) == 'evil'
        }

        cleanup:
        other?.close()
        Files.deleteIfExists(bundle.resolve('rootfs/tmp/new'))
    }

    def "for a first process in a user namespace where nobody exists nothing is done: #what"() {
        given:
        def container = start(config(
            ['sh', '-c', 'echo precious >/dev/shm/file && chmod 600 /dev/shm/file && exec unshare -U sleep 1000']
        ))
        def pid = container.state().pid()
        soon.eventually {
            assert new File("/proc/$pid/cmdline").text.split('\0') as List == ['sleep', '1000']
        }

        when:
        action(container.root())

        then:
        def e = thrown(ContainerException)
        e.message.endsWith('the user namespace of its first process has no users or no groups')

        where:
        what    | action
        'read'  | { it.read('/dev/shm/file') }
        'write' | { it.write('/dev/shm/file', evil()) }
        'make'  | { it.write('/dev/shm/new', evil()) }
    }

    def "what everybody may write stays its owner's"() {
        given:
        def directory = directory()
        def source = Files.writeString(shared.resolve(newId()), 'evil')
        def container = binding(directory)

        expect: 'a content is all that changes'
        refused { container.root().copyIn(source, '/host/open') }
        look(directory).find { it.startsWith('open ') } == 'open 100666 0:0 evil'

        and: 'a directory in which everybody removes what is their own'
        refused { container.root().delete('/host/tmp/file') }
        container.root().write('/host/tmp/new', evil())
        look(directory).findAll { it.startsWith('tmp/') } ==
            ['tmp/file 100644 0:0 precious', 'tmp/new 100644 100000:100000 evil']
        container.root().delete('/host/tmp/new')
        !Files.exists(directory.resolve('tmp/new'))
    }

    /** Beside the other files some that are for their owners alone, and a directory that nobody else enters. */
    private Path directoryWithSecrets() {
        def directory = directory()
        text(directory.resolve('secret'), 'precious', 0600)
        Files.createDirectory(directory.resolve('closed'))
        text(directory.resolve('closed/file'), 'precious', 0644)
        Files.setAttribute(directory.resolve('closed'), 'unix:mode', 0700)
        Files.setAttribute(text(directory.resolve('own'), 'own', 0600), 'unix:uid', 100_007)
        Files.setAttribute(directory.resolve('own'), 'unix:gid', 100_007)
        Files.setAttribute(text(directory.resolve('group'), 'group', 0640), 'unix:gid', 100_000)
        Files.setAttribute(text(directory.resolve('stranger'), 'stranger', 0604), 'unix:gid', 100_000)
        directory
    }

    private static String read(Container container, String path) {
        new String(container.root().read(path))
    }

    def "a link leads what a script reads to nothing that the container's root cannot read"() {
        given:
        def container = binding(directoryWithSecrets())
        def target = Files.createDirectories(shared.resolve(newId()))
        container.exec('sh', '-c', 'cd /dev/shm && ln -s /host h && ln -s h/secret s && ln -s /host/closed/file f && ' +
            'ln -s ../shm/h/stranger x').check()

        expect: 'the kernel says the same to the container itself'
        ['s', 'f', 'x', 'h/closed/../file'].every { container.exec('cat', "/dev/shm/$it").exit() != 0 }
        ['own', 'group', 'file', 'sub/../file', 'sub/file']
            .every { container.exec('cat', "/dev/shm/h/$it").exit() == 0 }

        and:
        ['s', 'f', 'x', 'h/closed/../file'].each { path ->
            refused { container.root().read("/dev/shm/$path") }
            refused { container.root().copyOut("/dev/shm/$path", target.resolve('copy')) }
            assert !Files.exists(target.resolve('copy'))
        }
        refused { container.root().exists('/dev/shm/f') }
        refused { container.root().isDirectory('/dev/shm/h/closed/file') }
        refused { container.root().list('/dev/shm/h/closed') }
        refused { container.root().copyOut('/dev/shm/h/closed', target.resolve('tree')) }
        refused { container.root().copyOut('/dev/shm/h', target.resolve('tree')) }
        !Files.exists(target.resolve('tree/closed/file'))
        !Files.exists(target.resolve('tree/secret'))

        and: 'what it can read it gets'
        container.root().exists('/dev/shm/s')
        ['own', 'group', 'file', 'sub/../file', 'sub/file'].collect { read(container, "/dev/shm/h/$it") } ==
                ['own', 'group', 'precious', 'precious', 'precious']
        container.root().list('/dev/shm/h/sub') == ['file']
    }

    def "a root that shows the machine's files makes them nobody else's: #what"() {
        given:
        def place = Files.createTempDirectory(Path.of('/home'), 'gantry') // in the same mount as the root
        Files.setAttribute(place, 'unix:mode', 0711)
        def secret = text(place.resolve('secret'), 'precious', 0600)
        Files.setAttribute(secret, 'unix:uid', 5_000)
        def open = text(place.resolve('open'), 'open', 0644)
        def shown = change(config(['sleep', '1000']))
        def map = [new IdMapping(0L, 100_000L, 1000L), new IdMapping(1000L, 0L, 1L)]
        def container = start(withLinux(withNamespace(shown, USER), [uidMappings: map, gidMappings: map]))

        expect:
        container.exec('cat', secret.toString()).exit() != 0
        refused { container.root().read(secret.toString()) }
        refused { container.root().append(secret.toString(), evil()) }
        read(container, open.toString()) == 'open'
        Files.readString(secret) == 'precious'

        cleanup:
        place.toFile().deleteDir()

        where:
        what     | change
        'host()' | { it.toBuilder().annotations([(GantryAnnotations.ROOTFS): 'host']).build() }
        '`/`'    | { it.toBuilder().root(new Root('/', true)).mounts([]).build() }
    }

    def "a path leads a script where it leads the container: #path"() {
        given:
        def container = binding(directory())
        def made = 'cd /dev/shm && mkdir -p a/b && echo text >a/b/c && ln -s b a/l && ln -s /dev/shm/a abs && ' +
            'ln -s ../../../../../dev/shm/a/b up' +
                ' && ln -s loop loop && ln -s a/b/c/ slash && ln -s nowhere gone'
        container.exec('sh', '-c', made).check()
        def inside = container.exec('cat', "/dev/shm/$path".toString())

        expect:
        reading { read(container, "/dev/shm/$path") } ==
            (inside.exit() == 0 ? inside.text() : inside.err().readLines()[0].split(': ').last())

        where:
        path << ['a/b/c', './a//b/./c', 'a/l/c', 'abs/l/c', 'up/c', 'up/../b/c', 'a/l/../b/c',
                 '../../../../dev/shm/a/b/c', 'a/b/c/', 'a/b/c/..', 'a/b/c/../c', 'loop', 'slash', 'gone', 'a/none',
                 'none/a', '../../../dev/shm/up/c', 'abs/../../dev/shm/up/c']
    }

    /** What a read finds, or the reason why it fails in the kernel's words. */
    private static String reading(Closure<String> action) {
        try {
            action()
        } catch (ContainerException e) {
            def reason = e.message.split(': ').last().replaceFirst(/ \(E\w+\)$/, '')
            reason[0].toUpperCase() + reason.substring(1)
        }
    }

    private static final String HALF = 'd/' * 250

    /**
     * Says in steps how a tree is made of so many times 250 directories, and a link in each part to the end of the
     * next.
     */
    private static String deep(int parts) {
        "cd /dev/shm && for i in \$(seq $parts); do ln -s ${HALF}l l && mkdir -p $HALF && cd -P $HALF || exit; done; " +
            "echo text >l"
    }

    def "links lead a script as deep as descriptors are held for, and no deeper: #parts"() {
        given:
        def container = binding(directory())
        container.exec('sh', '-c', deep(parts)).check()
        def most = new AtomicInteger()
        def done = false
        def watching = Thread.start {
            while (!done) {
                most.accumulateAndGet(new File('/proc/self/fd').list()?.length ?: 0, Math::max)
            }
        }
        def before = new File('/proc/self/fd').list().length

        expect: 'the container itself gets there'
        container.exec('cat', '/dev/shm/l').text() == 'text\n'

        when:
        def found = reading { read(container, '/dev/shm/l') }
        done = true
        watching.join()

        then:
        found == expected
        most.get() - before < 1000
        soon.eventually {
            assert new File('/proc/self/fd').list().length <= before
        }

        where:
        parts | expected
        2     | 'text\n'
        30    | 'File name too long'
    }

    def "what the kernel makes up for whoever reads is read by a program in the container: #path"() {
        given:
        def container = binding(directory())
        container.exec('sh', '-c', "ln -s $path /dev/shm/link".toString()).check()

        expect:
        container.root().exists(path)
        [path, '/dev/shm/link'].each {
            try {
                action(container.root(), it, shared.resolve(newId()))
                assert false: 'nothing was refused'
            } catch (ContainerException e) {
                assert e.message.contains("procfs and sysfs let root of this machine see and do more than the " +
                    "container's root: use a program in it, by `exec`")
            }
        }

        where:
        path                                | action
        '/proc/kallsyms'                    | { top, place, target -> top.read(place) }
        '/proc/1/pagemap'                   | { top, place, target -> top.read(place) }
        '/proc/version'                     | { top, place, target -> top.copyOut(place, target) }
        '/proc/1'                           | { top, place, target -> top.list(place) }
        '/sys/kernel'                       | { top, place, target -> top.list(place) }
        '/proc/sys/net/ipv4/ip_forward'     | { top, place, target -> top.write(place, evil()) }
    }

    def "who is root of the machine reads its procfs"() {
        expect:
        read(start(config(['sleep', '1000'])), '/proc/1/comm') == 'sleep\n'
    }

    def "a container that keeps a file for itself keeps no script waiting: #what"() {
        given:
        def program = CProgram.compile('lease', bundle.resolve('rootfs'))
        def container = start(config(['sh', '-c', 'echo mine >/dev/shm/file && exec /lease /dev/shm/file']))
        soon.eventually {
            assert container.exec('cat', '/proc/locks').text().contains('LEASE')
        }
        def begin = System.nanoTime()

        when:
        action(container.root(), shared.resolve(newId()))

        then:
        def e = thrown(ContainerException)
        e.message.endsWith('`/dev/shm/file` in `' + container.id() + '`: resource temporarily unavailable (EAGAIN)')
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) < 20 // the kernel lets a lease be kept for 45

        cleanup:
        Files.deleteIfExists(program)

        where:
        what       | action
        'read'     | { top, target -> top.read('/dev/shm/file') }
        'write'    | { top, target -> top.write('/dev/shm/file', evil()) }
        'copy out' | { top, target -> top.copyOut('/dev/shm/file', target) }
    }
}
