package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.oci.codec.OciWriter
import dev.gantry.plan.LaunchOptions
import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.error.SourceMap
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.Creator
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path

/**
 * Whatever goes wrong, and however often it goes well, nothing stays behind. The inherited cleanup looks at the host.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class NothingLeftKernelSpec extends ContainerSpecification {

    def "a failure at any step of #how leaves nothing"() {
        given:
        def options = LaunchOptions.of('x', bundle.toString(), bundle.toString())
        def plan = PlanCompiler.compile(config(), SourceMap.NONE, Internals.host(gantry),
            how == 'create' ? options.awaitingStart() : options)

        expect:
        plan.steps().size() > 50
        plan.steps().eachWithIndex { planned, step ->
            def failing = Gantry.open(Internals.failingAt(GantryOptions.at(stateRoot), step))
            def id = newId()
            try {
                Internals."$how"(failing, id, definition(config()), stdio())
                // a step after the one that waits fails only once it is started
                failing.container(id).start()
                assert false: "step $step, ${planned.step().describe()}, did not fail"
            } catch (ContainerException e) {
                assert e.message.contains('input/output error (EIO)'): e.message
                assert e.message.contains(planned.origin().toString())
            } finally {
                if (Files.exists(stateRoot.resolve(id))) {
                    failing.container(id).deleteForcibly()
                }
                failing.close()
            }
        }

        where:
        how << ['start', 'create']
    }

    def "a runtime killed between create and start leaves a container that can be deleted"() {
        given:
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config(['sleep', '100'])))
        def process = Creator.launch(stateRoot, bundle, 1)
        def id = process.inputStream.newReader().readLine()

        when:
        process.destroyForcibly().waitFor()
        def container = gantry.container(id)

        then:
        container.status().ociName() == 'created'

        when:
        container.deleteForcibly()

        then:
        gantry.containers() == []
    }

    def "a runtime killed at any moment leaves nothing that delete does not remove"() {
        given:
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config(['sleep', '100'])))
        def random = new Random(20261120)

        expect:
        8.times {
            def process = Creator.launch(stateRoot, bundle, 1000)
            process.inputStream.newReader().readLine() // it is at work
            sleep(random.nextInt(150))
            process.destroyForcibly().waitFor()
            gantry.containers()*.deleteForcibly()
            assert gantry.containers() == []
        }
    }

    def "a hundred containers one after the other leave no descriptor, zombie, mount or cgroup"() {
        given:
        def descriptors = { new File('/proc/self/fd').list().length }
        def zombies = {
            ProcessHandle.current().children().filter { child ->
                def stat = Path.of("/proc/${child.pid()}/stat")
                Files.exists(stat) && Files.readString(stat).contains(') Z ')
            }.count()
        }
        10.times { runOne() }
        def before = descriptors()

        when:
        100.times { runOne() }

        then:
        zombies() == 0
        descriptors() <= before
    }

    private void runOne() {
        def io = stdio()
        def container = Internals.start(gantry, newId(), definition(config()), io)
        container.exit().join()
        container.delete()
        io.close()
    }

    def "two hundred failed lookups leave no descriptor"() {
        given:
        def container = start(config(['sleep', '100']))
        def descriptors = { new File('/proc/self/fd').list().length }
        container.exec('true')
        def before = descriptors()

        when:
        200.times {
            try {
                container.exec('nope')
            } catch (ContainerException ignored) {
                // expected
            }
        }

        then:
        descriptors() <= before
    }
}
