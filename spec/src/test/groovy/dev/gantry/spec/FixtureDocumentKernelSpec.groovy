package dev.gantry.spec

import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import javax.tools.ToolProvider
import org.junit.platform.engine.TestExecutionResult
import org.junit.platform.engine.discovery.DiscoverySelectors
import org.junit.platform.testkit.engine.EngineTestKit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.util.EmbeddedSpecRunner

/** The examples of `docs/fixtures.md` are run as they stand there. */
@RequiresKernel
@LeavesNoTrace({ stateRoot })
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FixtureDocumentKernelSpec extends Specification {
    private static final String IMPORTS = '''
            import dev.gantry.dsl.block.ContainerDsl;
            import dev.gantry.dsl.live.LiveContainer;
            import dev.gantry.junit.Ctr;
            import java.util.function.Consumer;
            import org.junit.jupiter.api.Test;
            import static org.junit.jupiter.api.Assertions.assertEquals;
            '''

    @Shared @TempDir Path dir
    @Shared String document = Files.readString(Path.of('../docs/fixtures.md'))
    Path stateRoot = dir.resolve("state-${UUID.randomUUID()}")

    def setup() {
        System.setProperty('gantry.fixture.root', "$stateRoot")
    }

    def cleanup() {
        System.clearProperty('gantry.fixture.root')
    }

    def "the specification runs"() {
        when:
        def results = new EmbeddedSpecRunner().run(example('groovy'))

        then:
        results.testsSucceededCount == 1
    }

    def "the test class runs"() {
        given:
        def source = Files.writeString(dir.resolve('EchoTest.java'), IMPORTS + example('java'))
        def out = Files.createDirectories(dir.resolve('classes'))
        def status = ToolProvider.systemJavaCompiler.run(
                null, null, null, '-proc:none', '-cp', System.getProperty('java.class.path'), '-d', "$out", "$source")

        when:
        def loader = new URLClassLoader([out.toUri().toURL()] as URL[], getClass().classLoader)
        def results = EngineTestKit.engine('junit-jupiter')
                .selectors(DiscoverySelectors.selectClass(loader.loadClass('EchoTest'))).execute()

        then:
        status == 0
        results.testEvents().succeeded().count() == 1
        results.allEvents().finished().list()
                .collect { it.getRequiredPayload(TestExecutionResult).throwable.orElse(null) }.findAll() == []

        cleanup:
        loader?.close()
    }

    private String example(String language) {
        (document =~ /(?s)```$language\n(.*?)```/)[0][1]
    }
}
