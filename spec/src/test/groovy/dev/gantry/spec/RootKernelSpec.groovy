package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.MOUNT
import static dev.gantry.oci.NamespaceType.USER
import static dev.gantry.spec.support.Eventually.eventually

import dev.gantry.runtime.Internals
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.Namespace
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Root
import dev.gantry.oci.RootfsPropagation
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.CreateOptions
import dev.gantry.value.Definition
import java.nio.file.Files
import java.nio.file.Path

/** How the root is entered and how mounts travel, with the host's mounts looked at before and after. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class RootKernelSpec extends ContainerSpecification {
    private static final CreateOptions NO_PIVOT = CreateOptions.DEFAULT.withoutPivot()

    private static Capabilities all() {
        def names = Capability.values()*.ociName() - 'CAP_SYS_RESOURCE' // which the machines of these tests may lack
        Capabilities.builder().bounding(names).effective(names).permitted(names).build()
    }

    private OciConfig privileged(OciConfig config = config()) {
        withProcess(config, [capabilities: all(), noNewPrivileges: false])
    }

    private OciConfig without(OciConfig config, dev.gantry.oci.NamespaceType type) {
        withLinux(config, [namespaces: config.linux().namespaces().findAll { it.type() != type }])
    }

    private String text(String script, OciConfig config, CreateOptions how = CreateOptions.DEFAULT,
            Path place = bundle) {
        def wanted = withProcess(config, [args: ['sh', '-c', script]])
        run(wanted, gantry, Definition.of(wanted, place), how).text()
    }

    /** Mount points and propagation, without the ids that the kernel gives out anew. */
    private static List<String> hostMounts() {
        Files.readAllLines(Path.of('/proc/self/mountinfo'))
            .collect { it.split(' ', 3)[2].replaceAll(/(shared|master):\d+/, '$1') }.sort()
    }

    def "without a pivot the container has its root and no more of the host's"() {
        when:
        def lines = text('ls /; echo; cut -d" " -f5 /proc/self/mountinfo; echo; ls /proc/1/root/', config(), NO_PIVOT)

        then:
        lines.contains('bin\n')
        !lines.contains(bundle.toString())
        !lines.split('\n\n')[1].readLines().contains('/sys/fs/cgroup/unified/..')
    }

    def "without a pivot no bare procfs or sysfs stays behind, so a nested user namespace mounts none: #type"() {
        given:
        def wanted = privileged()
        def script = "mkdir -p /tmp/p && unshare -Urmpf sh -c 'mount -t $type $type /tmp/p 2>&1 || echo refused'"

        expect:
        text(script, wanted, how).contains('refused')

        where:
        type    | how
        'proc'  | NO_PIVOT
        'sysfs' | NO_PIVOT
        'proc'  | CreateOptions.DEFAULT
    }

    def "without a pivot a read-only root, masks and a user namespace work as ever"() {
        given:
        def map = [new IdMapping(0L, 100_000L, 65_536L)]
        def wanted = withLinux(withNamespace(config(), USER), [uidMappings: map, gidMappings: map]).toBuilder()
            .root(new Root('rootfs', true)).build()

        when:
        def seen = text('touch /x 2>&1; cat /proc/keys | wc -c; cat /proc/self/uid_map', wanted, NO_PIVOT)

        then:
        seen.readLines()*.trim()*.replaceAll(/ +/, ' ') ==
                ['touch: /x: Read-only file system', '0', '0 100000 65536']
    }

    def "exec works in a container without a pivot"() {
        given:
        def container = track(Internals.start(gantry, newId(), definition(config(['sleep', '100'])), stdio(), NO_PIVOT))

        expect:
        container.exec('ls', '/').lines().containsAll(['bin', 'proc'])
    }

    def "the root's propagation is #wanted, and the host's mounts stay as they are where they are shared"() {
        given: 'a bundle in a shared mount, as below a systemd'
        def place = Files.createDirectories(shared.resolve("shared-${newId()}"))
        host.tmpfs(place)
        Command.ok('mount', '--make-shared', place.toString())
        Busybox.rootfs(place.resolve('rootfs'))
        def before = hostMounts()
        def asked = withLinux(config(), [rootfsPropagation: wanted])

        when:
        def line = text('grep " / / " /proc/self/mountinfo || grep " / rw" /proc/self/mountinfo', asked, how, place)

        then:
        line.readLines()[-1].contains(seen)
        (seen != ' - ' || !(line.readLines()[-1] =~ /shared|master|unbindable/))
        hostMounts() == before

        where:
        wanted                         | how                     || seen
        null                           | CreateOptions.DEFAULT   || ''
        RootfsPropagation.SHARED       | CreateOptions.DEFAULT   || 'shared:'
        RootfsPropagation.SHARED       | NO_PIVOT                || 'shared:'
        RootfsPropagation.SLAVE        | CreateOptions.DEFAULT   || ''
        RootfsPropagation.PRIVATE      | CreateOptions.DEFAULT   || ' - '
        RootfsPropagation.UNBINDABLE   | CreateOptions.DEFAULT   || 'unbindable'
    }

    def "a mount that the host makes in a slave mount arrives, one that the container makes does not"() {
        given:
        def place = Files.createDirectories(shared.resolve("volume-${newId()}"))
        host.tmpfs(place)
        Command.ok('mount', '--make-shared', place.toString())
        Files.createDirectories(place.resolve('late'))
        Files.createDirectories(place.resolve('inner'))
        def volume = Mount.builder().destination('/vol').type('bind').source(place.toString())
            .options(['rbind', propagation]).build()
        def wanted = privileged(config(['sleep', '100']))
        wanted = wanted.toBuilder().mounts(wanted.mounts() + volume).build()
        def container = start(withLinux(wanted, [rootfsPropagation: RootfsPropagation.RSHARED]))

        when:
        host.tmpfs(place.resolve('late'))
        container.exec('mount', '-t', 'tmpfs', 'x', '/vol/inner')

        then:
        container.exec('grep', '-c', ' /vol/late ', '/proc/self/mountinfo').text().trim() == arrives
        hostMounts().any { it.contains("${place}/inner ") } == travels

        cleanup:
        if (travels) {
            Command.ok('umount', place.resolve('inner').toString())
        }

        where:
        propagation || arrives | travels
        'rslave'    || '1'     | false
        'rprivate'  || '0'     | false
        'rshared'   || '1'     | true
    }

    def "without a mount namespace the container runs on the host's mounts, which stay as they are"() {
        given:
        def wanted = withLinux(without(config(), MOUNT), [maskedPaths: [], readonlyPaths: []])
        def before = hostMounts()

        when:
        def container = create(withProcess(wanted, [args: ['sleep', '100']]))

        then:
        Internals.plan(container).warnings()*.line() ==
            ['without a mount namespace of its own the container has no mounts but the host\'s [mounts]']
        Files.readSymbolicLink(Path.of("/proc/${container.state().pid()}/ns/mnt")) ==
            Files.readSymbolicLink(Path.of('/proc/self/ns/mnt'))
        Files.readSymbolicLink(Path.of("/proc/${container.state().pid()}/root")).toString() ==
            "$bundle/rootfs".toString()

        when:
        container.start()

        then:
        container.exec('ls', '/').lines().contains('bin')
        hostMounts() == before
    }

    def "a mount namespace that is joined by its path is the container's"() {
        given: 'a mount namespace of its own, kept by a process'
        def keeper = new Command('unshare', '-m', '--propagation', 'private', 'sleep', '1000').start()
        def path = "/proc/${keeper.pid()}/ns/mnt"
        def own = Files.readSymbolicLink(Path.of('/proc/self/ns/mnt'))
        eventually { Files.readSymbolicLink(Path.of(path)) != own }
        def before = hostMounts()
        def namespaces = config().linux().namespaces().collect { it.type() == MOUNT ? new Namespace(MOUNT, path) : it }

        when:
        def container = start(withLinux(config(['sleep', '100']), [namespaces: namespaces]))

        then:
        Files.readSymbolicLink(Path.of("/proc/${container.state().pid()}/ns/mnt")) ==
            Files.readSymbolicLink(Path.of(path))
        container.exec('ls', '/').lines().contains('bin')
        container.exec('cat', '/proc/1/comm').text().trim() == 'sleep'
        hostMounts() == before

        and: 'those who are in it already may have led the init elsewhere: no directory is trusted to be the rootfs'
        container.state().root() == null

        cleanup:
        keeper.destroyForcibly().waitFor()
    }
}
