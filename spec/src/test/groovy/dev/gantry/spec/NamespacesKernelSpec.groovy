package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.CGROUP
import static dev.gantry.oci.NamespaceType.MOUNT
import static dev.gantry.oci.NamespaceType.NETWORK
import static dev.gantry.oci.NamespaceType.TIME
import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.error.ContainerException
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Namespace
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.TimeOffset
import dev.gantry.oci.TimeOffsets
import dev.gantry.oci.User
import dev.gantry.runtime.Container
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path

/** New namespaces and those of others, alone and together, read from inside and from the host. */
@RequiresKernel(programs = ['busybox:busybox-static', 'unshare:util-linux'])
class NamespacesKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]
    private static final List<NamespaceType> ALL = NamespaceType.values().toList()

    private OciConfig in(List<Namespace> namespaces, OciConfig config = config(['sleep', '100'])) {
        withLinux(config, [namespaces: namespaces])
    }

    private OciConfig mapped(OciConfig config) {
        withLinux(withNamespace(config, USER), [uidMappings: MAP, gidMappings: MAP])
    }

    private static String ns(long pid, NamespaceType type) {
        Files.readSymbolicLink(Path.of("/proc/$pid/ns/${type.procName()}")).toString()
    }

    private static Map<NamespaceType, String> all(Container container) {
        ALL.collectEntries { [it, ns(container.state().pid(), it)] }
    }

    private static List<String> words(String text) {
        text.readLines()*.trim()*.replaceAll(/\s+/, ' ')
    }

    def "all eight kinds are new where they are listed, those of exec'd processes too"() {
        given:
        def config = mapped(in(ALL.findAll { it != USER }.collect { Namespace.of(it) }))
        def own =
            ALL.collectEntries { [it, Files.readSymbolicLink(Path.of("/proc/self/ns/${it.procName()}")).toString()] }

        when:
        def container = start(config)
        def seen = all(container)
        def execd = container.exec('sh', '-c', 'for n in mnt pid net uts ipc user cgroup time; ' +
            'do readlink /proc/self/ns/$n; done').lines()

        then:
        ALL.every { seen[it] != own[it] }
        execd == ALL.collect { seen[it] }
    }

    def "all eight kinds are joined by path together, in any order, and exec follows: #order"() {
        given:
        def first = start(mapped(in(ALL.findAll { it != USER }.collect { Namespace.of(it) })))
        def pid = first.state().pid()
        def types = ALL.findAll { it != MOUNT } // a mount namespace in which the bundle is not: see RootKernelSpec
        def joined = types.collect { new Namespace(it, "/proc/$pid/ns/${it.procName()}") }
        joined = order == 'reversed' ? joined.reverse() : joined

        when:
        def second = start(in([Namespace.of(MOUNT)] + joined))

        then:
        types.every { all(second)[it] == all(first)[it] }
        words(second.exec('cat', '/proc/self/uid_map', '/proc/self/gid_map').text()) ==
            ['0 100000 65536', '0 100000 65536']
        second.exec('readlink', '/proc/self/ns/net').text().trim() == all(first)[NETWORK]

        where:
        order << ['as listed', 'reversed']
    }

    def "a bind mounted namespace file is joined"() {
        given:
        def file = Files.createFile(shared.resolve("ns-${newId()}"))
        Command.ok('unshare', "--uts=$file".toString(), 'hostname', 'elsewhere')
        def namespaces = config().linux().namespaces()
            .collect { it.type() == NamespaceType.UTS ? new Namespace(it.type(), file.toString()) : it }

        expect:
        sh('hostname', in(namespaces).toBuilder().hostname(null).build()).text() == 'elsewhere\n'

        cleanup:
        Command.ok('umount', file.toString())
    }

    def "a network namespace that the user namespace does not own is joined, by the container and by exec"() {
        given:
        def keeper = start(config(['sleep', '100']))
        def path = "/proc/${keeper.state().pid()}/ns/net"
        def namespaces = config().linux().namespaces()
            .collect { it.type() == NETWORK ? new Namespace(NETWORK, path) : it }

        when:
        def container = start(mapped(in(namespaces).toBuilder().mounts(config().mounts().collect {
            it.destination() == '/sys' ? it.toBuilder().type('bind').source('/sys').options(['rbind', 'rro']).build() :
                it
        }).build()))

        then:
        ns(container.state().pid(), NETWORK) == ns(keeper.state().pid(), NETWORK)
        container.exec('readlink', '/proc/self/ns/net').text().trim() == ns(keeper.state().pid(), NETWORK)
        words(container.exec('cat', '/proc/self/uid_map').text()) == ['0 100000 65536']
    }

    def "clocks are offset, #what"() {
        given:
        def offsets = new TimeOffsets(new TimeOffset(86_400L, 500L), new TimeOffset(3_600L, null))
        def config = change(withLinux(withNamespace(config(['sleep', '100']), TIME), [timeOffsets: offsets]))

        when:
        def container = start(config)

        then:
        words(container.exec('cat', '/proc/self/timens_offsets').text()) == ['monotonic 3600 0', 'boottime 86400 500']
        container.exec('cat', '/proc/uptime').text().tokenize('.')[0].toLong() -
            Files.readString(Path.of('/proc/uptime')).tokenize('.')[0].toLong() in (86_399L..86_401L)

        where:
        what                                         | change
        'in the host\'s user namespace'              | { it }
        'in a user namespace'                        | { mapped(it) }
        'in a user namespace with the caller\'s ids' | { withNamespace(it, USER) }
    }

    def "a new time namespace without offsets has none"() {
        expect:
        words(sh('cat /proc/self/timens_offsets', withNamespace(config(), TIME)).text()) ==
            ['monotonic 0 0', 'boottime 0 0']
    }

    def "a user namespace without mappings has the caller's ids, one to one"() {
        expect:
        words(sh('cat /proc/self/uid_map /proc/self/gid_map; id -u', withNamespace(config(), USER)).text()) ==
            ['0 0 4294967295', '0 0 4294967295', '0']
    }

    def "several ranges are mapped, with groups that can be set"() {
        given:
        def map = [new IdMapping(0L, 100_000L, 10L), new IdMapping(10L, 5_000L, 1L),
            new IdMapping(1000L, 200_000L, 500L)]
        def user = User.builder().uid(1001L).gid(10L).additionalGids([3L, 1400L]).build()
        def config = withProcess(withLinux(mapped(config(['sleep', '100'])), [uidMappings: map, gidMappings: map]),
            [user: user])

        when:
        def container = start(config)
        def status = Files.readAllLines(Path.of("/proc/${container.state().pid()}/status"))
            .collectEntries { it.split(':\\s*', 2).toList() }

        then:
        container.exec('id', '-u').text().trim() == '1001'
        container.exec('id', '-G').text().trim() == '10 3 1400'
        status.Uid.tokenize()[0] == '200001'
        status.Gid.tokenize()[0] == '5000'
        status.Groups.trim() == '100003 200400'
    }

    def "ids without root among them will do"() {
        given: 'a terminal file system whose group is not mapped would be refused'
        def map = [new IdMapping(1000L, 100_000L, 10L)]
        def spec = config().toBuilder().mounts(config().mounts().findAll { it.type() != 'devpts' }).build()
        def user = User.builder().uid(1003L).gid(1004L).build()

        expect:
        sh('id -u; id -g', withProcess(withLinux(mapped(spec), [uidMappings: map, gidMappings: map]), [user: user]))
            .lines() == ['1003', '1004']
    }

    def "a fifo is no namespace, and nobody waits for a writer"() {
        given:
        def fifo = shared.resolve("fifo-${newId()}").toString()
        kernel.makeFifo(fifo, 0600)

        when:
        start(in(config().linux().namespaces().collect { it.type() == NETWORK ? new Namespace(NETWORK, fifo) : it }))

        then:
        def e = thrown(ContainerException)
        e.message.contains("join network namespace `$fifo`: setns: invalid argument (EINVAL) [linux.namespaces[1]]")
    }

    def "a path that is no namespace, or one of another kind, is told"() {
        when:
        start(in(config().linux().namespaces().collect { it.type() == NETWORK ? new Namespace(NETWORK, path) : it }))

        then:
        def e = thrown(ContainerException)
        e.message.contains(said)

        where:
        path          || said
        '/no/such'    ||
            'open network namespace `/no/such`: open `/no/such`: ' +
                'no such file or directory (ENOENT) [linux.namespaces[1]]'
        '/etc/passwd' || 'join network namespace `/etc/passwd`: setns: invalid argument (EINVAL) [linux.namespaces[1]]'
        '/proc/self/ns/uts' ||
            'join network namespace `/proc/self/ns/uts`: setns: invalid argument (EINVAL) [linux.namespaces[1]]'
    }

    def "a kernel parameter is not set in a network namespace that turns out to be the host's"() {
        given:
        def file = Files.createFile(shared.resolve("host-net-${newId()}"))
        host.mount(file, '--bind', '/proc/self/ns/net')
        def namespaces = config().linux().namespaces()
            .collect { it.type() == NETWORK ? new Namespace(NETWORK, file.toString()) : it }
        def before = Files.readString(Path.of('/proc/sys/net/ipv4/ip_forward'))

        when:
        start(withLinux(in(namespaces), [sysctl: ['net.ipv4.ip_forward': before.trim() == '1' ? '0' : '1']]))

        then:
        def e = thrown(ContainerException)
        e.message.contains('sysctl `net.ipv4.ip_forward` is not allowed in the host\'s network namespace ' +
            '[linux.sysctl.net.ipv4.ip_forward]')
        Files.readString(Path.of('/proc/sys/net/ipv4/ip_forward')) == before
    }
}
