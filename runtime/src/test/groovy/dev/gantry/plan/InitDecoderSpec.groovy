package dev.gantry.plan

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Whatever a plan looks like, the init refuses it or follows it, and never reads beside it. */
class InitDecoderSpec extends Specification {
    private static final Path SOURCES = Path.of('../native/src').toRealPath()
    private static final String WIRE = "-I${Path.of('../native/target/wire').toAbsolutePath()}"
    private static final int ROUNDS = 120

    @Shared @TempDir Path dir

    def "no damaged plan makes the init read where it should not"() {
        given: 'the init with its checks of memory and arithmetic, and a real plan of each kind'
        def decoder = decoder()
        def plans = Scenarios.names().collect { plan(it, Scenarios.plan(it)) }

        when:
        def run = run([decoder, "$ROUNDS"] + plans)

        then:
        run.exit == 0
        def (all, followed, refused) = (run.text =~ /(\d+) followed, (\d+) refused, 0 wrong/)[0]
        (followed as int) + (refused as int) == ROUNDS * plans.size()

        and: 'it was neither the check alone nor the orders alone that were tried'
        (followed as int) > plans.size()
        (refused as int) > plans.size()
    }

    private String plan(String name, LaunchPlan plan) {
        def buffer = plan.toBytes(OptionalInt.empty())
        def bytes = new byte[buffer.remaining()]
        buffer.get(bytes)
        Files.write(dir.resolve(name), bytes).toString()
    }

    private String decoder() {
        def program = dir.resolve('decoder').toString()
        def sources = SOURCES.resolve('main/c').toFile().listFiles().findAll { it.name.endsWith('.c') }*.path
        def compiler = run([
            'cc', '-std=gnu11', '-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all',
            '-Dmain=init_main', WIRE, "-I${SOURCES.resolve('main/c')}", '-c'
        ] + sources)
        assert compiler.exit == 0: compiler.text
        def objects = dir.toFile().listFiles().findAll { it.name.endsWith('.o') }*.path
        def linker = run(['cc', '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-g', '-O1',
                          '-fsanitize=address,undefined', '-fno-sanitize-recover=all', WIRE, '-o', program] + objects
                + [SOURCES.resolve('test/c/decoder.c').toString()])
        assert linker.exit == 0: linker.text
        program
    }

    private Map run(List<Object> command) {
        def process = new ProcessBuilder(command*.toString()).directory(dir.toFile()).redirectErrorStream(true).start()
        def text = process.inputStream.text
        [exit: process.waitFor(), text: text]
    }
}
