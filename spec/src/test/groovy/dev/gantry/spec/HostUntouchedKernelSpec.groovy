package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.MOUNT

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.OciConfig
import dev.gantry.oci.RootfsPropagation
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.Definition
import java.nio.file.Files
import java.nio.file.Path

/** What must be the same before and after any container: mounts with their propagation, kernel settings, labels. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class HostUntouchedKernelSpec extends ContainerSpecification {

    private static Map<String, Object> machine() {
        [mounts  : Files.readAllLines(Path.of('/proc/self/mountinfo')),
         settings: ['kernel/hostname', 'kernel/domainname', 'kernel/core_pattern', 'kernel/panic', 'kernel/msgmax',
         'net/ipv4/ip_forward', 'fs/mqueue/msg_max']
                 .collect { Path.of('/proc/sys', it) }.findAll { Files.exists(it) }
                 .collectEntries { [it.toString(), Files.readString(it)] },
         label   : Files.exists(Path.of('/proc/self/attr/current')) ? new String(new File('/proc/self/attr/current')
         .withInputStream { try { it.readAllBytes() } catch (IOException ignored) { new byte[0] } }) : '',
         devices : ['/dev/null', '/dev/zero', '/dev/tty', '/dev/full']
         .collectEntries { [it, Files.readAttributes(Path.of(it), 'unix:mode,uid,gid,rdev')] },
         dev     : new File('/dev').list().sort()]
    }

    private OciConfig shaped(String shape) {
        def all = Capability.values()*.ociName() - 'CAP_SYS_RESOURCE'
        def caps = Capabilities.builder().bounding(all).effective(all).permitted(all).build()
        def busy = withProcess(config(['sh', '-c', 'mkdir -p /tmp/m; mount -t tmpfs x /tmp/m; mount --make-rshared ' +
            '/; hostname other; umount -l /proc; ls /']), [capabilities: caps, noNewPrivileges: false])
        switch (shape) {
            case 'customary': return busy
            case 'shared': return withLinux(busy, [rootfsPropagation: RootfsPropagation.RSHARED])
            case 'private': return withLinux(busy, [rootfsPropagation: RootfsPropagation.PRIVATE])
            default: // without a mount namespace, where the runtime must not mount anything; nor may the program, here
                return withLinux(withProcess(config(['ls', '/']), [:]),
                        [namespaces: config().linux().namespaces().findAll { it.type() != MOUNT }, maskedPaths: [],
                        readonlyPaths: [], rootfsPropagation: RootfsPropagation.RPRIVATE])
        }
    }

    def "a #shape container with all capabilities, in a place that is shared, changes nothing of the machine"() {
        given:
        def place = Files.createDirectories(shared.resolve("place-${newId()}"))
        host.tmpfs(place)
        Command.ok('mount', '--make-rshared', place.toString())
        Busybox.rootfs(place.resolve('rootfs'))
        def before = machine()

        when:
        def result = run(shaped(shape), gantry, Definition.of(shaped(shape), place))

        then:
        result.text().contains('bin')
        machine() == before

        where:
        shape << ['customary', 'shared', 'private', 'namespaceless']
    }

    def "a plan far larger than a netlink message carries all of itself"() {
        given: '5,000 paths that are masked, in 160 KB; the last of them exists'
        def paths = (1..5000).collect { "/not/there/at/all/number/$it".toString() } + '/etc/passwd'

        expect:
        sh('wc -c < /etc/passwd', withLinux(config(), [maskedPaths: paths])).text().trim() == '0'
    }

    def "a plan larger than any limit is refused, not cut"() {
        when:
        Internals.start(gantry, newId(), definition(withProcess(config(), [args: ['true'] + ['x' * 1_000_000] * 20])),
            stdio())

        then:
        def e = thrown(ContainerException)
        e.message.contains('16 MiB')
    }
}
