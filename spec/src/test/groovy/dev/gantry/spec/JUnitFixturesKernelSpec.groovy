package dev.gantry.spec

import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.JUnitFixtures
import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import org.junit.platform.testkit.engine.EngineTestKit
import org.junit.platform.engine.discovery.DiscoverySelectors
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** `@Ctr` in test classes that JUnit Jupiter runs. */
@RequiresKernel
@LeavesNoTrace({ stateRoot })
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JUnitFixturesKernelSpec extends Specification {
    @Shared @TempDir Path dir
    Path stateRoot = dir.resolve("state-${UUID.randomUUID()}")
    String earlier

    def setup() {
        JUnitFixtures.SEEN.clear()
        earlier = System.setProperty('gantry.fixture.root', "$stateRoot")
    }

    def cleanup() {
        if (earlier == null) {
            System.clearProperty('gantry.fixture.root')
        } else {
            System.setProperty('gantry.fixture.root', earlier)
        }
    }

    def "static fields are shared, others are of each test, and parameters get them: parallel #parallel"() {
        when:
        def failures = run(JUnitFixtures.Lifecycle, parallel)

        then:
        failures == []
        JUnitFixtures.SEEN.count('before all: running') == 1
        JUnitFixtures.SEEN.count('before each: running') == 3
        JUnitFixtures.SEEN.count('after each: running') == 3
        JUnitFixtures.SEEN.count('after all: running') == 1
        JUnitFixtures.SEEN.findAll { it.startsWith('shared-') }.toSet().size() == 1
        JUnitFixtures.SEEN.findAll { it.startsWith('own-') }.toSet().size() == 3
        ids() == []

        where:
        parallel << [false, true]
    }

    def "one container serves all classes of a run"() {
        expect:
        run(JUnitFixtures.One) + run(JUnitFixtures.Two) == []
        JUnitFixtures.SEEN.toSet().size() == 2

        when:
        JUnitFixtures.SEEN.clear()

        then:
        run([JUnitFixtures.One, JUnitFixtures.Two], false) == []
        JUnitFixtures.SEEN.size() == 2
        JUnitFixtures.SEEN.toSet().size() == 1
        ids() == []
    }

    def "a failure is shown with what the containers are"() {
        when:
        def failure = failuresOf([JUnitFixtures.Failing], false)[0]

        then:
        failure.suppressed*.message == [
                'containers of `fails()`, all in target/gantry/Failing/fails__\ncontainer `box` (running)']
        Files.readString(Path.of('target/gantry/Failing/fails__/box.config.json')).contains('"ociVersion"')
        ids() == []
    }

    def "a container that does not start fails the test and leaves none of the others"() {
        when:
        def failures = run(JUnitFixtures.Broken)

        then:
        failures.size() == 1
        failures[0].startsWith('@Ctr Broken.bad: start `bad-')
        ids() == []
    }

    def "a nested test has the containers of the classes around it, too"() {
        expect:
        run(JUnitFixtures.Outer) == []
        JUnitFixtures.SEEN.toList() == ['running running running']
        ids() == []
    }

    def "a field that cannot be written is named, and its container is deleted"() {
        expect:
        run(JUnitFixtures.Final) == ['@Ctr Final.BOX: the field cannot be written; it must not be final']
        ids() == []
    }

    def "what cannot be is one message that names annotation and field"() {
        expect:
        run(JUnitFixtures.WrongType) == ['@Ctr WrongType.box: a field of type `String` takes no container; ' +
                                                 'declare it as `LiveContainer` or `LivePod`']
        ids() == []
    }

    def "what a killed test JVM leaves is gone once the next run has started a container"() {
        given:
        def java = "${System.getProperty('java.home')}/bin/java"
        def victim = new ProcessBuilder(
                java, "-Dgantry.fixture.root=$stateRoot",
                '-cp', System.getProperty('java.class.path'), JUnitFixtures.name)
                .redirectErrorStream(true).start()

        when:
        def id = victim.inputReader().lines().filter { it.startsWith('box-') }.findFirst().get()
        victim.destroyForcibly().waitFor()

        then:
        ids() == [id]

        and:
        run(JUnitFixtures.One) == []
        ids() == []

        cleanup:
        victim.destroyForcibly()
    }

    private List<String> run(Class<?> type, boolean parallel = false) {
        run([type], parallel)
    }

    private List<String> run(List<Class<?>> types, boolean parallel) {
        failuresOf(types, parallel)*.message
    }

    private static List<Throwable> failuresOf(List<Class<?>> types, boolean parallel) {
        def results = EngineTestKit.engine('junit-jupiter')
                .selectors(*types.collect { DiscoverySelectors.selectClass(it) })
                .configurationParameter('junit.jupiter.execution.parallel.enabled', "$parallel")
                .configurationParameter('junit.jupiter.execution.parallel.mode.default', 'concurrent')
                .execute()
        results.allEvents().finished().list()
                .collect { it.getRequiredPayload(org.junit.platform.engine.TestExecutionResult).throwable.orElse(null) }
                .findAll()
    }

    private List<String> ids() {
        Gantry.open(GantryOptions.at(stateRoot)).withCloseable { it.containers()*.id() }
    }
}
