package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.kernel.OpenFlag
import dev.gantry.oci.Device
import dev.gantry.oci.DeviceType
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.oci.User
import dev.gantry.runtime.Container
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.io.Stdio
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/** Owner, mode and kind of what Gantry did not make itself stay what they are, whatever a config makes of it. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class ForeignFilesKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    /** A null device of the host's with an odd owner and mode. */
    private Path nullDevice(Path place = Files.createDirectories(shared.resolve(newId())).resolve('node')) {
        Command.ok('mknod', '-m', '0640', place.toString(), 'c', '1', '3')
        Command.ok('chown', '7:8', place.toString())
        place
    }

    private static String look(Path place) {
        def all = Files.readAttributes(place, 'unix:mode,uid,gid,rdev', LinkOption.NOFOLLOW_LINKS)
        sprintf('%o %d:%d %x', all.mode, all.uid, all.gid, all.rdev)
    }

    private OciConfig binding(Path node, String target, boolean inUserNamespace, List<Device> devices) {
        def bind = Mount.builder().destination(target).type('bind').source(node.toString()).options(['bind']).build()
        def bound = withLinux(config().toBuilder().mounts(config().mounts() + bind).build(), [devices: devices])
        inUserNamespace ? withLinux(withNamespace(bound, USER), [uidMappings: MAP, gidMappings: MAP]) : bound
    }

    private static Device device(String path) {
        new Device(DeviceType.CHARACTER, path, 1L, 3L, 0666L, 5L, 6L)
    }

    def "a device of the host that is bound onto #what stays as it is"() {
        given:
        def node = nullDevice()

        expect:
        sh("stat -c %t:%T $target", binding(node, target, inUserNamespace, devices)).text().trim() == '1:3'
        look(node) == '20640 7:8 103'

        where:
        what                                  | target      | devices               | inUserNamespace
        'a default device'                    | '/dev/null' | []                    | false
        'a default device that is listed'     | '/dev/null' | [device('/dev/null')] | false
        'a listed device'                     | '/dev/own'  | [device('/dev/own')]  | false
        'a default one in a user namespace'   | '/dev/null' | []                    | true
        'a listed one in a user namespace'    | '/dev/null' | [device('/dev/null')] | true
    }

    def "a node that the rootfs had before stays as it is"() {
        given:
        def bare = config().toBuilder().mounts(config().mounts().findAll { !it.destination().startsWith('/dev') })
            .build()
        def dev = Files.createDirectories(bundle.resolve('rootfs/dev'))
        def node = nullDevice(dev.resolve('null'))
        def fifo = dev.resolve('fifo')
        Command.ok('mkfifo', '-m', '0600', fifo.toString())
        def listed = [new Device(DeviceType.FIFO, '/dev/fifo', null, null, 0666L, 5L, 6L)]

        expect:
        sh('true', withLinux(bare, [devices: listed])).exit() == 0
        look(node) == '20640 7:8 103'
        look(fifo) == '10600 0:0 0'

        cleanup:
        dev.toFile().listFiles()*.delete()
    }

    def "what the caller gives as standard streams keeps its owner: #what"() {
        given:
        def user = withProcess(config(['sh', '-c', 'echo hello']), [user: new User(1000L, 1000L, null, [], null)])
        def file = shared.resolve(newId())
        make(file)
        def before = look(file)
        def out = kernel.open(file.toString(), OpenFlag.RDWR)
        def nothing = kernel.open('/dev/null')

        when:
        def container = track(Internals.start(gantry, newId(), definition(user), new Stdio(nothing, out, out)))

        then:
        container.waitFor().get().code() == 0
        look(file) == before

        cleanup:
        [out, nothing]*.close()

        where:
        what       | make
        'a file'   | { Files.writeString(it, '') }
        'a fifo'   | { Command.ok('mkfifo', it.toString()) }
        'a device' | { Command.ok('mknod', it.toString(), 'c', '1', '5') }
    }

    def "a pipe can be opened by the container's user"() {
        given:
        def user = withProcess(config(['sh', '-c', 'echo hello > /dev/stdout']),
            [user: new User(1000L, 1000L, null, [], null)])
        def pipe = kernel.pipe()
        def nothing = kernel.open('/dev/null')

        when:
        def container = track(Internals.start(gantry, newId(), definition(user),
            new Stdio(nothing, pipe.second(), pipe.second())))

        then:
        container.waitFor().get().code() == 0

        cleanup:
        pipe.close()
        nothing.close()
    }

    def "a copy out to a device changes nothing of it"() {
        given:
        def container = start(withProcess(config(), [args: ['sleep', '100']]))
        def node = nullDevice()

        when:
        container.root().copyOut('/etc/passwd', node)

        then:
        look(node) == '20640 7:8 103'
    }

    def "a container that swaps what is copied for links leads a copy to no other file: #what"() {
        given: 'a directory of the host that the container can change, and a file beside it'
        def place = Files.createDirectories(shared.resolve(newId()))
        def work = Files.createDirectories(place.resolve('work'))
        def victim = Files.writeString(Files.createDirectories(place.resolve('hostd')).resolve('victim'), 'original')
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString('rw-------'))
        Files.createDirectories(bundle.resolve('rootfs/work'))
        def bind = Mount.builder().destination('/work').type('bind').source(work.toString()).options(['bind', 'rw'])
            .build()
        def inside = config(['sh', '-c', swapping.replace('HOSTD', victim.parent.toString())])
        def container = start(inside.toBuilder().mounts(inside.mounts() + bind).build())
        def root = container.root()
        int copied = 0

        when:
        300.times {
            try {
                copy(root, work)
                copied++
            } catch (IOException | ContainerException expected) {
                return
            }
        }

        then:
        Files.readString(victim) == 'original'
        PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)) == 'rw-------'
        !root.exists('/tmp/got') || !container.exec('cat', '/tmp/got/t').text().contains('original')

        where:
        what                        | swapping  | copy
        'a target'                  | SWAP_FILE | { files, dir -> files.copyOut('/etc/passwd', dir.resolve('t')) }
        'a directory of the target' | 'mkdir -p /tmp/tree/sub; echo PWNED >/tmp/tree/sub/victim; cd /work; while :; ' +
            'do rm -rf out/sub; ln -s HOSTD out/sub; done' |
            { files, dir -> files.copyOut('/tmp/tree', dir.resolve('out')) }
        'a source' | 'mkdir /work/src; cd /work/src; while :; do ln -s HOSTD/victim t; rm t; echo mine >t; rm t; done' |
            { files, dir -> files.copyIn(dir.resolve('src'), '/tmp/got') }
    }

    private static final SWAP_FILE = 'cd /work; while :; do ln -s HOSTD/victim t; rm t; echo mine >t; rm t; done'

    /** A directory of the host, bound writable into a container in whose user namespace its owner does not exist. */
    private Container withHostDirectory(Path directory) {
        Files.createDirectories(bundle.resolve('rootfs/host'))
        def bind = Mount.builder().destination('/host').type('bind').source(directory.toString())
            .options(['bind', 'rw']).build()
        def bound = config(['sleep', '1000']).toBuilder().mounts(config().mounts() + bind).build()
        start(withLinux(withNamespace(bound, USER), [uidMappings: MAP, gidMappings: MAP]))
    }

    def "a link of the container's leads what a script puts into it to no file of the host: #how"() {
        given:
        def directory = Files.createDirectories(shared.resolve(newId()))
        directory.toFile().setExecutable(true, false)
        def file = Files.writeString(directory.resolve('file'), 'precious')
        Files.setAttribute(file, 'unix:mode', 0644)
        def source = Files.writeString(shared.resolve(newId()), 'evil')
        def container = withHostDirectory(directory)
        def made = Files.createDirectory(bundle.resolve('rootfs/tmp/in'))
        Files.createSymbolicLink(made.resolve('link'), Path.of('/host/file'))
        Files.createSymbolicLink(made.resolve('dir'), Path.of('/host'))

        when:
        action(container.root(), source)

        then:
        def e = thrown(ContainerException)
        e.message.contains(
            'it belongs to a user or a group that does not exist in the container\'s user namespace (EACCES)'
        )
        Files.readString(file) == 'precious'
        look(file) == '100644 0:0 0'
        directory.toFile().list() as List == ['file']

        cleanup:
        bundle.resolve('rootfs/tmp/in').toFile().deleteDir()

        where:
        how                       | action
        'write over a file'       | { top, text -> top.write('/tmp/in/link', new ByteArrayInputStream('evil'.bytes)) }
        'append to a file'        | { top, text -> top.append('/tmp/in/link', new ByteArrayInputStream('evil'.bytes)) }
        'make a file' |
            { top, text -> top.write('/tmp/in/dir/new', new ByteArrayInputStream('evil'.bytes)) }
        'make a directory'        | { top, text -> top.makeDirectories('/tmp/in/dir/new') }
        'delete'                  | { top, text -> top.delete('/tmp/in/dir/file') }
        'copy in'                 | { top, text -> top.copyIn(text, '/tmp/in/link') }
        'copy in, a new file'     | { top, text -> top.copyIn(text, '/tmp/in/dir/new') }
    }

    def "what everybody may write, or is the container's own, a script may write"() {
        given:
        def directory = Files.createDirectories(shared.resolve(newId()))
        Files.setAttribute(directory, 'unix:mode', 0777)
        Files.setAttribute(directory, 'unix:uid', 100_000)
        Files.setAttribute(directory, 'unix:gid', 100_000)
        def container = withHostDirectory(directory)

        when:
        container.root().write('/host/new', new ByteArrayInputStream('text'.bytes))
        container.root().write('/tmp/new', new ByteArrayInputStream('text'.bytes))

        then:
        look(directory.resolve('new')) == '100644 100000:100000 0'
        container.exec('cat', '/tmp/new').text() == 'text'

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/tmp/new'))
    }
}
