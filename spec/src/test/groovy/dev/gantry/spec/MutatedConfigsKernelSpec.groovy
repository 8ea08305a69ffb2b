package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.oci.codec.OciReader
import dev.gantry.plan.LaunchOptions
import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.error.SourceMap
import dev.gantry.spec.support.ConfigMutator
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.Sacrifice
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Stepwise
import spock.lang.Timeout

/**
 * Ten thousand configs that nobody in his senses writes, the same ones in every run: each ends in one line, or in a
 * container. All are read and planned in this process; of those that have a plan, {@link #REALLY} are carried out by a
 * process that has nothing of this machine to lose, see {@link Sacrifice}: what such a config asks for it may well get.
 */
@Stepwise
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@RequiresKernel(programs = ['busybox:busybox-static', 'unshare:util-linux', 'pivot_root:util-linux'])
class MutatedConfigsKernelSpec extends ContainerSpecification {
    private static final int CONFIGS = 10_000
    private static final int REALLY = 1_000
    private static final long MOST_NANOS = 5_000_000_000

    @Shared List<Integer> planned = []

    def "each is refused in one line that a terminal can show, or has a plan"() {
        given:
        def mutator = new ConfigMutator()
        def options = LaunchOptions.of('mutant', bundle.toString(), bundle.toString())
        def refused = [:].withDefault { 0 }

        when:
        (0..<CONFIGS).each { n ->
            def bytes = mutator.config(n)
            def begin = System.nanoTime()
            try {
                PlanCompiler.compile(OciReader.parse(bytes, 'config.json'), SourceMap.NONE, Internals.host(gantry),
                    options)
                planned << n
            } catch (ContainerException e) {
                assert e.line() ==~ /[^\p{Cntrl}]+/: "config $n: ${e.line().take(500)}"
                assert e.line().length() < 20_000: "config $n: ${e.line().take(500)}"
                refused[e.class.simpleName]++
            } catch (Throwable e) {
                throw new AssertionError("config $n: $e\n${new String(bytes).take(3000)}", e)
            }
            assert System.nanoTime() - begin < MOST_NANOS: "config $n took too long"
        }

        then: 'both happen often'
        planned.size() > REALLY
        refused.values().sum() > CONFIGS / 3
    }

    def "each that has a plan becomes a container, or is refused in one line; and the machine stays as it is"() {
        given:
        def chosen = planned.indices.findAll { it % Math.max(1, planned.size().intdiv(REALLY)) == 0 }
            .collect { planned[it] }.take(REALLY)
        def numbers = shared.resolve('numbers')
        Files.writeString(numbers, chosen.join('\n'))
        def files = { [
            '/etc/passwd', '/etc/hostname', '/etc/hosts'
        ].collect { new File(it) }.findAll { it.exists() }.collectEntries { [it.path, it.text] } }
        def before = files()
        def dev = new File('/dev').list().sort()

        when:
        def process = Sacrifice.launch(shared, shared.resolve('mutants'), bundle, numbers)
        def lines = process.inputStream.readLines()
        def ended = process.waitFor(10, TimeUnit.SECONDS)
        def outcomes = lines.findAll { it ==~ /(?s)\d+\t.*/ }*.split('\t', 2)

        then:
        Files.readString(shared.resolve('stderr')) == ''
        ended
        process.exitValue() == 0
        chosen - outcomes*.getAt(0)*.toInteger() == []
        outcomes.size() == chosen.size()
        outcomes.findAll { it[1].startsWith('BROKEN') } == []
        outcomes.findAll { it[1].startsWith('error') && !it[1].startsWith('error 1 ') } == []
        outcomes.count { it[1] == 'container' } > REALLY / 10
        lines.last().startsWith('left\t[] ')
        files() == before
        new File('/dev').list().sort() == dev

        cleanup:
        process?.destroyForcibly()
    }
}
