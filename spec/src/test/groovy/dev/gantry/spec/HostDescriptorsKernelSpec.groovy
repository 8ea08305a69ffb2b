package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.PID
import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.Hook
import dev.gantry.oci.Hooks
import dev.gantry.oci.IdMapping
import dev.gantry.oci.OciConfig
import dev.gantry.plan.GantryAnnotations
import dev.gantry.runtime.Container
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import spock.util.concurrent.PollingConditions

/**
 * No process inside a container holds a descriptor of the host, at any moment: a directory of the host leads to all of
 * it by "..", a device node of the host can be changed through it (CVE-2024-21626). FdLeakKernelSpec looks at the
 * program, HostileNeighbourKernelSpec from within while processes come and go; here every process of the container is
 * looked at.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class HostDescriptorsKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    /**
     * What each process of the container has open, but pipes, pidfds and the container's own devices: "comm target".
     */
    private List<String> ofTheHost(Container container) {
        container.processes().collectMany { pid ->
            def comm = Files.readString(Path.of("/proc/$pid/comm")).trim()
            new File("/proc/$pid/fd").list().findAll { !isOfTheContainer(pid, it) }
                    .collect { "$comm ${Files.readSymbolicLink(Path.of("/proc/$pid/fd/$it"))}".toString() }
        }
    }

    private static boolean isOfTheContainer(int pid, String fd) {
        def path = Path.of("/proc/$pid/fd/$fd")
        def target = Files.readSymbolicLink(path).toString()
        target.startsWith('pipe:') || target == 'anon_inode:[pidfd]' || target.startsWith('/dev/') &&
            isOwnDevice(pid, path, target)
    }

    private static boolean isOwnDevice(int pid, Path fd, String target) {
        def own = Path.of("/proc/$pid/root$target")
        Files.exists(own) && Files.getAttribute(fd, 'unix:dev') == Files.getAttribute(own, 'unix:dev') &&
                Files.getAttribute(fd, 'unix:ino') == Files.getAttribute(own, 'unix:ino')
    }

    private OciConfig configOf(String kind) {
        def config = config(['sleep', '1000'])
        if (kind.contains('idle')) {
            config = config.toBuilder().annotations([(GantryAnnotations.INIT): GantryAnnotations.IDLE]).build()
        }
        if (kind.contains('user namespace')) {
            config = withLinux(withNamespace(config, USER), [uidMappings: MAP, gidMappings: MAP])
        }
        kind.contains('shared pids') ?
            withLinux(config, [namespaces: config.linux().namespaces().findAll { it.type() != PID }]) : config
    }

    private OciConfig mayTrace(OciConfig config) {
        def all = [Capability.SYS_PTRACE, Capability.KILL]*.ociName()
        withProcess(config, [capabilities: new Capabilities(all, all, [], all, [])])
    }

    def "no process holds anything of the host: #kind"() {
        when:
        def container = kind.contains('created') ? create(configOf(kind)) : start(configOf(kind))
        def held = ofTheHost(container)

        then: 'but the two fifos on which a created container waits for its start, which lead nowhere'
        held.sort() == (kind.contains('created') ?
            ['exec.fifo', 'report.fifo'].collect { "gantry-init $stateRoot/${container.id()}/$it".toString() } : [])
        container.processes().size() == 1

        where:
        kind << [['idle', 'running', 'created', 'created, idle'], ['', ', user namespace', ', shared pids']]
            .combinations()*.join('')
    }

    def "neither does one while a startContainer hook runs, nor the hook: #how#kind"() {
        given: 'a hook that waits, in a directory where others than root may write too'
        def script = 'cat >/dev/null; touch /held/new; mv /held/new /held/hooking; while [ ! -e /held/go ]; do :; done'
        def hook = new Hook('/bin/sh', ['sh', '-c', script], ['PATH=/bin'], null)
        def hooked = configOf(kind).toBuilder().hooks(new Hooks([], [], [], [hook], [], [])).build()
        def held = Files.createDirectories(bundle.resolve('rootfs/held'))
        Files.setPosixFilePermissions(held, PosixFilePermissions.fromString('rwxrwxrwx'))
        Container container = null

        when:
        def launch = Thread.start {
            container = how == 'run' ? start(hooked) : create(hooked).tap { it.start() }
        }
        new PollingConditions(timeout: 20).eventually {
            assert Files.exists(held.resolve('hooking'))
        }
        def id = gantry.containers()*.id().find()
        def ofTheHost = ofTheHost(gantry.container(id))
        def processes = gantry.container(id).processes().size()
        Files.createFile(held.resolve('go'))
        launch.join()

        then:
        ofTheHost.findAll { !it.endsWith('report.fifo') } == []
        processes >= 2
        container.status().ociName() == 'running'

        cleanup:
        held.toFile().deleteDir()

        where:
        [how, kind] << [['run', 'create and start'], ['', ', user namespace', ', shared pids']].combinations()
    }

    def "the descriptors of an idle process lead nowhere from inside: #kind"() {
        given: 'what led to the root of the host once'
        def container = start(configOf(kind))

        when:
        def result = container.exec('sh', '-c', 'for fd in /proc/1/fd/* /proc/1/cwd /proc/1/root; ' +
            'do ls $fd/../../../../.. >/dev/null 2>&1 && echo $fd; done; cat /proc/1/environ; :')

        then:
        result.out() == ''

        where:
        kind << ['idle', 'idle, user namespace']
    }

    def "an evil startContainer hook out of the image reaches nothing: #capabilities"() {
        given:
        def script = 'cat >/dev/null; for p in /proc/[0-9]*; do for f in $p/fd/* $p/cwd $p/root; ' +
            'do [ -d $f/.. ] && [ ! $f -ef / ] && [ ! $f -ef /proc ] && [ ! $f -ef $p ] && echo $f $(readlink $f); ' +
            'done; done > /reached; :'
        def hook = new Hook('/bin/sh', ['sh', '-c', script], [], null)
        def evil = capabilities == 'may trace' ? mayTrace(config()) : config()

        when:
        run(evil.toBuilder().hooks(new Hooks([], [], [], [hook], [], [])).build())

        then:
        Files.readAllLines(bundle.resolve('rootfs/reached')).findAll { !it.contains('/proc/self/') } == []

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/reached'))

        where:
        capabilities << ['default', 'may trace']
    }

    def "the node of the host's null device stays as it is, whatever the container does to its stdio"() {
        given:
        def before = Files.getAttribute(Path.of('/dev/null'), 'unix:mode')

        when:
        def first =
            sh('chmod 600 /dev/null; for n in 0 1 2; do chmod 640 /proc/self/fd/$n; done; stat -c %a /dev/null > /mode')
        def container = start(config(['sleep', '1000']))
        container.exec('sh', '-c', 'chmod 640 /proc/self/fd/0')

        then:
        first.exit() == 0
        Files.readString(bundle.resolve('rootfs/mode')).trim() == '640'
        Files.getAttribute(Path.of('/dev/null'), 'unix:mode') == before

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/mode'))
    }
}
