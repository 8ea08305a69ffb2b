package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.eventually
import static dev.gantry.value.ContainerStatus.CREATED
import static dev.gantry.value.ContainerStatus.RUNNING
import static dev.gantry.value.ContainerStatus.STOPPED

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.error.StateException
import dev.gantry.kernel.ExitStatus
import dev.gantry.kernel.Signal
import dev.gantry.oci.Hook
import dev.gantry.oci.Hooks
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.plan.GantryAnnotations
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.CommandFailure
import java.nio.file.Files
import java.nio.file.Path

/** The life of a container, in one process and across several. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class LifecycleKernelSpec extends ContainerSpecification {

    def "a container is created, started, stopped and deleted"() {
        when:
        def container = create(config(['sleep', '100']))

        then:
        container.status() == CREATED
        container.state().pid() > 0

        when:
        container.start()

        then:
        container.status() == RUNNING
        container.exec('cat', '/proc/1/comm').text() == 'sleep\n'

        when:
        container.kill(Signal.KILL.number())

        then:
        container.waitFor().get() == new ExitStatus(-1, 9)
        container.status() == STOPPED

        when:
        container.delete()
        container.state()

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.NOT_FOUND
    }

    def "without `process` a container is created, and is stopped by a start, which fails"() {
        given:
        def trace = bundle.resolve('rootfs/tmp/hook')
        def container = create(config().toBuilder().process(null).hooks(touching('/tmp/hook')).build())

        expect: 'others can look into it meanwhile'
        container.status() == CREATED
        container.exec('/bin/cat', '/proc/1/comm').text() == 'gantry-init\n'

        when:
        container.start()

        then:
        def e = thrown(ContainerException)
        e.line() == "start `${container.id()}`: the config has no `process` [process]; hint: set `process.args`"
        e.kind() == ErrorKind.CONFIG
        container.status() == STOPPED
        !Files.exists(trace)

        when: 'it is not started again either'
        container.start()

        then:
        thrown(StateException)

        when:
        container.delete()

        then:
        gantry.containers() == []
    }

    private static Hooks touching(String path) {
        new Hooks([], [], [], [new Hook('/bin/touch', ['touch', path], [], null)], [], [])
    }

    def "without `process` a container that is made and started in one go leaves nothing"() {
        given:
        def id = newId()

        when:
        Internals.start(gantry, id, definition(config().toBuilder().process(null).build()), stdio())

        then:
        def e = thrown(ContainerException)
        e.line() == "start `$id`: the config has no `process` [process]; hint: set `process.args`"
        gantry.containers() == []
    }

    def "the program does not run before start"() {
        given:
        def container = create(config(['sh', '-c', 'echo ran > /tmp/ran']))
        def trace = bundle.resolve('rootfs/tmp/ran')
        def process = Path.of("/proc/${container.state().pid()}")

        expect: 'the init waits in its call'
        eventually { Files.readString(process.resolve('stat')).split(/\) /)[1].startsWith('S ') }
        Files.readSymbolicLink(process.resolve('exe')).toString().contains('gantry-init')
        !Files.exists(trace)

        when:
        container.start()
        container.waitFor()

        then:
        Files.exists(trace)

        cleanup:
        Files.deleteIfExists(trace)
    }

    def "another process's handle starts, looks into and deletes the container"() {
        given:
        def id = create(config(['sleep', '100'])).id()
        def other = Gantry.open(GantryOptions.at(stateRoot))
        def handle = other.container(id)

        when:
        handle.start()

        then:
        handle.status() == RUNNING
        handle.exec('id', '-u').text() == '0\n'
        other.containers()*.id() == [id]

        when:
        handle.deleteForcibly()

        then:
        other.containers() == []

        cleanup:
        other.close()
    }

    def "exit status #status is told"() {
        given:
        def container = start(config(['sh', '-c', script]))

        expect:
        container.waitFor().get().shell() == status

        where:
        script            || status
        'exit 0'          || 0
        'exit 42'         || 42
    }

    def "exec collects output and status"() {
        given:
        def container = start(config(['sleep', '100']))

        when:
        def result = container.exec('sh', '-c', 'echo out; echo err >&2; exit 3')

        then:
        result.exit() == 3
        result.out() == 'out\n'
        result.err() == 'err\n'

        when:
        result.check()

        then:
        def e = thrown(CommandFailure)
        e.message == 'exec `sh -c echo out; echo err >&2; exit 3`: exit status 3\n  out\n  err'
    }

    def "exec takes megabytes from both streams at once"() {
        given:
        def container = start(config(['sleep', '100']))

        when:
        def sizes = container.exec('sh', '-c', 'dd if=/dev/zero bs=1k count=2000 2>/dev/null & ' +
            'dd if=/dev/zero bs=1k count=3000 >&2 2>/dev/null; wait').with { [out().length(), err().length()] }

        then:
        sizes == [2000 * 1024, 3000 * 1024]
    }

    def "exec ends with its process though a daemon holds the pipe"() {
        given:
        def container = start(config(['sleep', '100']))

        expect:
        container.exec('sh', '-c', 'sleep 60 & echo done').text() == 'done\n'
    }

    def "an exec'd process is in the container's namespaces and cgroups"() {
        given:
        def container = start(config(['sleep', '100']))
        def first = container.exec('sh', '-c', 'for n in mnt pid net ipc uts; do readlink /proc/1/ns/$n; done; ' +
            'cat /proc/1/cgroup')

        expect:
        container.exec('sh', '-c', 'for n in mnt pid net ipc uts; do readlink /proc/self/ns/$n; done; ' +
            'cat /proc/self/cgroup').text() == first.text()
    }

    def "a container without a program idles and reaps"() {
        given:
        def config = config(['gantry-idle']).toBuilder().annotations([(GantryAnnotations.INIT): GantryAnnotations.IDLE])
            .build()
        def container = start(config)

        when: 'orphans end'
        container.exec('sh', '-c', '(sleep 0.1 & sleep 0.1 &) ; true')

        then:
        eventually { !container.exec('ps').text().contains('sleep') }
        container.exec('cat', '/proc/1/comm').text() == 'gantry-idle\n'
        Files.readSymbolicLink(Path.of("/proc/${container.state().pid()}/exe")).toString().contains('memfd:gantry-init')

        when:
        container.kill(Signal.TERM.number())

        then:
        container.waitFor().get().shell() == 143
    }

    def "the host's root is seen and never written to"() {
        given:
        def config = config(['gantry-idle']).toBuilder()
                .annotations([(GantryAnnotations.INIT): GantryAnnotations.IDLE,
                    (GantryAnnotations.ROOTFS): GantryAnnotations.HOST]).build()
        def container = start(config)

        expect:
        container.exec('cat', '/etc/debian_version').text() == Files.readString(Path.of('/etc/debian_version'))
        container.exec('sh', '-c', 'echo changed > /etc/debian_version; rm -rf /usr/share/doc/bash; ' +
            'cat /etc/debian_version').text() == 'changed\n'
        Files.readString(Path.of('/etc/debian_version')) != 'changed\n'
    }

    def "an empty root has what is mounted in it and nothing else"() {
        given:
        def source = bundle.resolve('rootfs/bin').toString()
        def bin = dev.gantry.oci.Mount.builder().destination('/bin').type('bind').source(source)
            .options(['rbind', 'ro']).build()
        def config = config(['gantry-idle']).toBuilder()
                .annotations([(GantryAnnotations.INIT): GantryAnnotations.IDLE,
                    (GantryAnnotations.ROOTFS): GantryAnnotations.EMPTY])
                .mounts(config().mounts() + bin).build()

        expect:
        start(config).exec('ls', '/').lines() == ['bin', 'dev', 'proc', 'sys']
    }

    def "#operation of a container in another state is refused"() {
        given:
        def container = create(config(['sleep', '100']))
        if (running) {
            container.start()
        }
        if (stopped) {
            container.kill(Signal.KILL.number())
            container.waitFor()
        }

        when:
        action(container)

        then:
        def e = thrown(ContainerException)
        e.message.replace(container.id(), 'ID') == message

        where:
        operation              | running | stopped | action                            || message
        'a second start'       | true    | false   | { it.start() }                    ||
            'start `ID`: cannot start an already running container'
        'start after the end'  | true    | true    | { it.start() }                    ||
            'start `ID`: cannot start a container that has stopped'
        'exec after the end'   | true    | true    | { it.exec('true') }               ||
            'exec in `ID`: cannot exec in a stopped container'
        'kill after the end'   | true    | true    | { it.kill(Signal.KILL.number()) } ||
            'kill `ID`: container not running'
        'delete while running' | true    | false   | { it.delete() }                   ||
            'cannot delete container ID that is not stopped: running'
    }

    private static OciConfig sharingPids(OciConfig config) {
        def namespaces = config.linux().namespaces().findAll { it.type() != NamespaceType.PID }
        config.toBuilder().linux(config.linux().toBuilder().namespaces(namespaces).build()).build()
    }

    private static Set<Integer> left(container) {
        container.processes() as Set
    }

    def "a created container ends on #signal, #how, and says so, with pids #pids"() {
        given:
        def config = config(['sleep', '1000'])
        def container = create(pids == 'of its own' ? config : sharingPids(config))

        when:
        how == 'by kill' ? container.kill(signal.number()) :
            kernel.pidfd(container.state().pid()).withCloseable { kernel.signal(it, signal.number()) }

        then:
        container.waitFor().get().shell() == 128 + signal.number()
        container.status() == STOPPED

        where:
        [signal, how, pids] << [[Signal.TERM, Signal.INT, Signal.HUP, Signal.QUIT, Signal.USR1, Signal.ALRM,
            Signal.KILL], ['by kill', 'by pidfd'], ['of its own', 'of the host']].combinations()
    }

    def "a created container stays on a signal that ends no program: #signal"() {
        given:
        def container = create(config(['sleep', '1000']))

        when:
        container.kill(signal.number())
        container.exec('true')

        then:
        container.status() == CREATED

        when:
        container.start()

        then:
        container.status() == RUNNING

        where:
        signal << [Signal.CHLD, Signal.WINCH, Signal.CONT, Signal.URG]
    }

    def "KILL of a container #which ends all of its processes"() {
        given:
        def config = config(['sh', '-c', 'sleep 1000 & sleep 1000 & wait'])
        def container = start(shared ? sharingPids(config) : config)
        eventually { container.processes().size() >= 3 }
        if (paused) {
            container.pause()
        }

        when:
        container.kill(Signal.KILL.number())
        container.waitFor()

        then:
        container.status() == STOPPED
        left(container) == [] as Set

        where:
        which                               | shared | paused
        'with pids of its own'              | false  | false
        'with the pids of the host'         | true   | false
        'with pids of its own, and paused'  | false  | true
        'with the host\'s pids, and paused' | true   | true
    }

    def "KILL ends what a container without pids of its own has left, another signal is refused"() {
        given:
        def container = start(sharingPids(config(['sh', '-c', 'sleep 1000 & exit 0'])))
        container.waitFor()

        when:
        container.kill(Signal.TERM.number())

        then:
        def e = thrown(ContainerException)
        e.message.endsWith('container not running')
        left(container).size() == 1

        when:
        container.kill(Signal.KILL.number())

        then:
        left(container) == [] as Set
    }

    def "an id is taken once, and only names that are safe as a file's"() {
        given:
        def container = create(config())

        when:
        Internals.create(gantry, container.id(), definition(config()), stdio())

        then:
        def e = thrown(ContainerException)
        e.message == "create `${container.id()}`: container with given ID already exists"

        when:
        Internals.create(gantry, id, definition(config()), stdio())

        then:
        def bad = thrown(ContainerException)
        bad.message == "invalid container ID format: `$id`"

        where:
        id << ['', '.', '..', 'a/b', '../x', 'a b', '-', 'ä'].findAll { it != '-' }
    }

    def "deleting a container that has ended leaves alone another one that was made in its cgroup"() {
        given:
        def path = "/${newId()}-shared".toString()
        def ended = start(withLinux(config(['true']), [cgroupsPath: path]))
        ended.waitFor()
        def other = start(withLinux(config(['sleep', '1000']), [cgroupsPath: path]))

        when:
        ended.delete()

        then:
        other.status() == RUNNING
        other.processes() == [other.state().pid()]
    }

    def "nor does a damaged one that names its cgroup"() {
        given:
        def path = "/${newId()}-shared".toString()
        def damaged = start(withLinux(config(['true']), [cgroupsPath: path]))
        damaged.waitFor()
        def other = start(withLinux(config(['sleep', '1000']), [cgroupsPath: path]))
        Files.writeString(stateRoot.resolve("${damaged.id()}/state.json"), '')

        when:
        damaged.deleteForcibly()

        then:
        other.status() == RUNNING
    }
}
