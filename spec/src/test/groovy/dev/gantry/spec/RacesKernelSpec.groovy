package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.cgroup.Hierarchies
import dev.gantry.error.StateException
import dev.gantry.kernel.Signal
import dev.gantry.oci.codec.OciWriter
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.Contender
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What happens to containers that several threads and processes change at once, or that end just then. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RacesKernelSpec extends ContainerSpecification {
    private static final int THREADS = 50
    private static final int ROUNDS = 12
    private static final int SECONDS = 5

    private static List<Path> cgroups(String id) {
        Hierarchies.read().collect { Path.of(it.mountPoint() + it.ownPath(), id) }.findAll { Files.exists(it) }
    }

    private static Set<String> processes(String id) {
        cgroups(id).collectMany { Files.readAllLines(it.resolve('cgroup.procs')) } as Set
    }

    def "a hundred threads of two processes fight for one id, and none of its containers is ever lost"() {
        given:
        def config = config(['sleep', '1000'])
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config))
        def id = newId()
        def here = new Contender(gantry, definition(config), id, THREADS)
        def other = Contender.launch(stateRoot, bundle, id, THREADS)
        def said = other.inputStream.newReader()
        assert said.readLine() == 'ready'

        expect: 'after each round, when nobody moves, there is a state for what there is, and nothing without one'
        ROUNDS.times { round ->
            other.outputStream << "$SECONDS\n"
            other.outputStream.flush()
            here.contend(SECONDS)
            def strange = []
            for (String line = said.readLine(); line != 'over'; line = said.readLine()) {
                strange << line
            }
            assert strange + (here.strange as List) == []
            def state = gantry.containers().find { it.id() == id }
            def exists = Files.exists(stateRoot.resolve(id))
            assert (state == null) == !exists
            assert exists || cgroups(id) == [] && processes(id) == [] as Set
            assert !exists || state.status().ociName() == 'stopped' || state.state().pid().toString() in processes(id)
            if (exists) {
                state.deleteForcibly()
            }
            assert cgroups(id) == []
            assert !Files.exists(stateRoot.resolve(id))
        }
        ['create', 'run', 'start', 'kill', 'exec', 'list', 'delete', 'force'].every { here.done[it]?.get() > 0 }

        cleanup:
        other?.outputStream?.close()
        other?.waitFor()
        Files.deleteIfExists(bundle.resolve('config.json'))
    }

    def "whoever wants a container ended has got that when it ends by itself"() {
        expect:
        100.times {
            def container = Internals.start(gantry, newId(), definition(config()), stdio())
            container.killIfRunning(Signal.TERM.number())
            container.deleteForcibly()
        }
    }

    /** A cgroup of the v1 freezer, beside the container's. */
    private static Path freezer(String name) {
        def hierarchy = Hierarchies.read().find { it.has('freezer') && !it.unified() }
        Files.createDirectories(Path.of(hierarchy.mountPoint() + hierarchy.ownPath(), name))
    }

    private static void write(Path cgroup, String file, Object value) {
        Files.writeString(cgroup.resolve(file), value.toString())
    }

    def "a container is #operation though #who was moved into a frozen cgroup of another"() {
        given:
        def container = start(config(['sh', '-c', 'sleep 1000 & wait']))
        while (container.processes().size() < 2) {
            Thread.onSpinWait()
        }
        def pids = container.processes()
        def first = container.state().pid()
        def foreign = freezer("foreign-${newId()}")
        write(foreign, 'cgroup.procs', who == 'its first process' ? first : pids.find { it != first })
        write(foreign, 'freezer.state', 'FROZEN')
        def began = System.nanoTime()

        when:
        operation == 'killed' ? container.kill(Signal.KILL.number()) : container.deleteForcibly()
        container.waitFor()

        then: 'without the time-out that ends in an error'
        System.nanoTime() - began < 5_000_000_000

        cleanup:
        write(foreign, 'freezer.state', 'THAWED')
        container?.waitFor()
        foreign?.toFile()?.delete()

        where:
        [operation, who] << [['killed', 'deleted'], ['its first process', 'another']].combinations()
    }

    def "one that a frozen parent of such a cgroup keeps is said to be frozen, and where"() {
        given:
        def container = start(config(['sleep', '1000']))
        def parent = freezer("foreign-${newId()}")
        def foreign = Files.createDirectory(parent.resolve('below'))
        write(foreign, 'cgroup.procs', container.state().pid())
        write(parent, 'freezer.state', 'FROZEN')

        when:
        container.deleteForcibly()

        then:
        def e = thrown(StateException)
        e.message == "delete `${container.id()}`: a process of it is frozen in cgroup `$parent`"
        e.hint().get() == 'thaw that cgroup, then try again'

        cleanup:
        write(parent, 'freezer.state', 'THAWED')
        container?.waitFor()
        [foreign, parent]*.toFile()*.delete()
    }
}
