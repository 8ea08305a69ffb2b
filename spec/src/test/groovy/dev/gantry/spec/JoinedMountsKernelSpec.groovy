package dev.gantry.spec

import static dev.gantry.oci.DeviceType.CHARACTER
import static dev.gantry.oci.NamespaceType.MOUNT
import static dev.gantry.oci.NamespaceType.TIME
import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.oci.Device
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.Namespace
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Root
import dev.gantry.oci.TimeOffset
import dev.gantry.oci.TimeOffsets
import dev.gantry.runtime.Container
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.Definition
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/** A container that joins the mount namespace of another, in which root has made of `/proc` what it liked. */
@RequiresKernel(programs = ['busybox:busybox-static', 'python3'])
class JoinedMountsKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    /** A default ACL of `u::rw-,g::---,o::---`, acl(5): nodes are made with another mode than was asked for. */
    private static final String ACL = '02000000' + '01000600ffffffff' + '04000000ffffffff' + '20000000ffffffff'

    private Path secret
    private Container hostile

    private static Mount bind(Path source, String destination) {
        Mount.builder().destination(destination).type('bind').source(source.toString()).options(['bind']).build()
    }

    def setup() {
        def directory = Files.createDirectories(shared.resolve("host-${newId()}"))
        secret = Files.writeString(directory.resolve('secret'), 'the host\'s')
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString('rw-------'))
        def mounts = config().mounts() + [
                bind(Files.createDirectories(directory.resolve('jb')), '/jb'), bind(directory, '/hostdir')]
        ['uid', 'gid'].each { Files.setAttribute(directory.resolve('jb'), "unix:$it", 100_000) }
        def box = withLinux(withNamespace(withAllCapabilities(config(['sleep', '1000'])), USER),
            [uidMappings: MAP, gidMappings: MAP])
        ['jb', 'hostdir'].each { Files.createDirectories(bundle.resolve("rootfs/$it")) }
        hostile = start(box.toBuilder().mounts(mounts).build())
        def made = hostile.exec('sh', '-c', '''
            mkdir -p /jb/rootfs/bin /jb/rootfs/srv
            busybox cp -a /bin/. /jb/rootfs/bin/
            mount -t tmpfs none /proc && mkdir -p /proc/self/fd
            printf joined >/jb/rootfs/srv/said
            busybox touch /proc/self/timens_offsets && mount -o bind /hostdir/secret /proc/self/timens_offsets
            for i in $(busybox seq 3 200); do busybox ln -s /hostdir/secret /proc/self/fd/$i; done''')
        assert made.exit() == 0: made
        def srv = "/proc/${hostile.state().pid()}/root/jb/rootfs/srv"
        def acl = 'import os, sys; os.setxattr(sys.argv[1], "system.posix_acl_default", bytes.fromhex(sys.argv[2]))'
        assert ['python3', '-c', acl, srv, ACL].execute().waitFor() == 0
    }

    def cleanup() {
        hostile.deleteForcibly()
        ['jb', 'hostdir'].each { Files.delete(bundle.resolve("rootfs/$it")) }
    }

    private OciConfig joining(Map<String, Object> changes) {
        def namespaces = config().linux().namespaces().findAll { it.type() != MOUNT } +
                new Namespace(MOUNT, "/proc/${hostile.state().pid()}/ns/mnt")
        def box = withLinux(config(['cat', '/srv/said']), [namespaces: namespaces, maskedPaths: [], readonlyPaths: []])
        withLinux(box, changes).toBuilder().root(new Root('/jb/rootfs', false)).mounts([]).build()
    }

    private Map<String, String> hostFile() {
        [text: Files.readString(secret), mode: PosixFilePermissions.toString(Files.getPosixFilePermissions(secret))]
    }

    def "#what is found by no name in that /proc"() {
        given:
        def before = hostFile()
        def config = joining(changes(joining([:])))

        when:
        def result = run(config, gantry, Definition.of(config, bundle))

        then:
        result.text() == 'joined'
        hostFile() == before
        seen.every { name, mode ->
            PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.resolveSibling("jb/rootfs/$name"))) ==
                mode
        }

        where:
        what                        | changes          | seen
        'a node that gets its mode' | { [devices: [new Device(CHARACTER, '/srv/node', 10L, 200L, 0666L, 0L, 0L)]] } |
            ['srv/node': 'rw-rw-rw-']
        'what clocks are set by'    | { withTime(it) } | [:]
    }

    private static Map<String, Object> withTime(OciConfig config) {
        [namespaces: config.linux().namespaces() + Namespace.of(TIME),
            timeOffsets: new TimeOffsets(new TimeOffset(100L, 0L), null)]
    }
}
