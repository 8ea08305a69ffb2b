package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.IPC
import static dev.gantry.oci.NamespaceType.NETWORK
import static dev.gantry.oci.NamespaceType.PID
import static dev.gantry.oci.NamespaceType.USER
import static dev.gantry.oci.NamespaceType.UTS

import dev.gantry.error.ContainerException
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Namespace
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.runtime.Container
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path

/**
 * Containers with ids of their own that share other namespaces: with the host, with a neighbour, in a pod. The usual
 * file systems show what is shared, though root of the user namespace may not mount them.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class SharedNamespacesKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    /** The usual mounts, some namespaces as given instead of new, and a new user namespace if none is given. */
    private OciConfig sharing(Map<NamespaceType, String> paths, Map<String, Object> linux = [:]) {
        def config = config(['sleep', '1000']).toBuilder().hostname(null).build()
        def own = config.linux().namespaces().findAll { !paths.containsKey(it.type()) }
        def joined = paths.findAll { it.value != null }.collect { new Namespace(it.key, it.value) }
        def ids = paths.containsKey(USER) ? [:] : [uidMappings: MAP, gidMappings: MAP]
        def user = paths.containsKey(USER) ? [] : [Namespace.of(USER)]
        withLinux(config, [namespaces: own + joined + user] + ids + linux)
    }

    private static String at(Container container, NamespaceType type) {
        "/proc/${container.state().pid()}/ns/${type.procName()}"
    }

    private static List<String> interfaces(Container container) {
        container.exec('ls', '/sys/class/net').lines().toSorted()
    }

    private static List<String> pids(Container container) {
        container.exec('sh', '-c', 'ls /proc').lines().findAll { it.isInteger() }
    }

    /** Type and flags of what is mounted at a path, as the container sees it. */
    private static List<String> mounted(Container container, String path) {
        def line = container.exec('cat', '/proc/self/mountinfo').lines().findAll { it.split(' ')[4] == path }.last()
        [line.split(' - ')[1].split(' ')[0]] +
            line.split(' ')[5].split(',').findAll { it in ['ro', 'rw', 'nosuid', 'nodev', 'noexec'] }
    }

    def "the host's #type namespace is shared: #target shows it"() {
        when:
        def container = start(sharing([(type): null]))

        then:
        container.exec('cat', '/proc/self/uid_map').text().split() as List == ['0', '100000', '65536']
        Files.readSymbolicLink(Path.of(at(container, type))) ==
            Files.readSymbolicLink(Path.of("/proc/self/ns/${type.procName()}"))
        mounted(container, target) == expected
        type != NETWORK || interfaces(container) == (new File('/sys/class/net').list() as List).toSorted()
        type != PID || pids(container).contains(container.state().pid().toString())

        where:
        type    | target        | expected
        NETWORK | '/sys'        | ['sysfs', 'ro', 'nosuid', 'nodev', 'noexec']
        IPC     | '/dev/mqueue' | ['mqueue', 'rw', 'nosuid', 'nodev', 'noexec']
        PID     | '/proc'       | ['proc', 'rw']
        UTS     | '/sys'        | ['sysfs', 'ro', 'nosuid', 'nodev', 'noexec']
    }

    def "namespaces of a neighbour are shared, #what, and shown"() {
        given:
        def keeper = start(config(['sleep', '1000']))
        keeper.exec('touch', '/dev/mqueue/queue').check()
        def joined = types.collectEntries { [it, at(keeper, it)] }

        when:
        def container = start(sharing(joined))

        then:
        container.exec('cat', '/proc/self/uid_map').text().split() as List == ['0', '100000', '65536']
        types.every {
            Files.readSymbolicLink(Path.of(at(container, it))) == Files.readSymbolicLink(Path.of(at(keeper, it)))
        }
        interfaces(container) == ['lo']
        mounted(container, '/sys') == ['sysfs', 'ro', 'nosuid', 'nodev', 'noexec']
        container.exec('ls', '/dev/mqueue').lines() == (IPC in types ? ['queue'] : [])
        container.exec('cat', '/proc/1/cmdline').text() == "sleep\u00001000\u0000"
        Integer.parseInt(container.exec('sh', '-c', 'echo $$').text().trim()) > (PID in types ? 2 : 1)

        where:
        what                         | types
        'the network'                | [NETWORK]
        'ipc'                        | [IPC]
        'pid'                        | [PID]
        'uts'                        | [UTS]
        'all that a pod may share'   | [NETWORK, IPC, UTS, PID]
    }

    def "namespaces of a neighbour are shared together with its ids"() {
        given:
        def keeper = start(sharing([:]))
        def joined = [NETWORK, IPC, PID, USER].collectEntries { [it, at(keeper, it)] }

        when:
        def container = start(sharing(joined))

        then:
        container.exec('cat', '/proc/self/uid_map').text().split() as List == ['0', '100000', '65536']
        interfaces(container) == ['lo']
        ['/sys': 'sysfs', '/dev/mqueue': 'mqueue', '/proc': 'proc']
            .every { target, type -> mounted(container, target)[0] == type }
        pids(container).contains('1')
    }

    def "a shared file system can be changed no more by it than a stranger could"() {
        given:
        def caps = withProcess(sharing([(NETWORK): null, (PID): null]), [noNewPrivileges: false])

        when:
        def container = start(caps)

        then:
        container.exec('sh', '-c', 'echo 1 > /sys/kernel/uevent_seqnum').exit() != 0
        container.exec('sh', '-c', 'echo 0 > /proc/sys/kernel/sysrq').exit() != 0
        container.exec('sh', '-c', "ls /proc/${ProcessHandle.current().pid()}/fd").exit() != 0
        container.exec('sh', '-c', 'cat /proc/kcore | head -c 1 | wc -c').text().trim() == '0'
    }

    def "what cannot be made is told by the mount's place"() {
        given:
        def config = sharing([(NETWORK): null])
        def mounts = config.mounts()
            .collect { it.destination() == '/sys' ? it.toBuilder().options(['nonsense=1']).build() : it }

        when:
        start(config.toBuilder().mounts(mounts).build())

        then:
        def e = thrown(ContainerException)
        e.message.contains('open `sysfs`: fsconfig `nonsense=1`')
        e.message.endsWith('[mounts[5]]')
    }

    def "and of a neighbour's pid namespace too"() {
        given:
        def keeper = start(config(['sleep', '1000']))
        def config = sharing([(PID): at(keeper, PID)])
        def mounts = config.mounts()
            .collect { it.destination() == '/proc' ? it.toBuilder().options(['nonsense=1']).build() : it }

        when:
        start(config.toBuilder().mounts(mounts).build())

        then:
        def e = thrown(ContainerException)
        e.message.contains('open `proc`: fsconfig `nonsense=1`')
        e.message.endsWith('[mounts[0]]')
    }
}
