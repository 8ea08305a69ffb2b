package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spock.RequiresKernel
import java.nio.file.Path
import javax.tools.ToolProvider
import spock.lang.Specification
import spock.lang.TempDir

/** The benchmarks, which run no test: they are compiled with what they measure. */
@RequiresKernel(root = false, programs = ['cc:gcc'])
class BenchmarksSpec extends Specification {
    private static final Path CHECKOUT = Path.of('..').toRealPath()

    @TempDir Path dir

    def "#name compiles"() {
        given:
        def errors = new ByteArrayOutputStream()

        expect:
        ToolProvider.systemJavaCompiler.run(null, null, errors, '-d', dir.toString(),
                '-cp', System.getProperty('java.class.path'), CHECKOUT.resolve("scripts/$name").toString()) == 0
        errors.toString() == ''

        where:
        name << CHECKOUT.resolve('scripts').toFile().list().findAll { it.endsWith('.java') }.sort()
    }

    def "bench.c compiles with the header of the wire"() {
        expect:
        Command.ok('cc', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-I', CHECKOUT.resolve('native/target/wire'),
                CHECKOUT.resolve('scripts/bench.c')) == ''
    }
}
