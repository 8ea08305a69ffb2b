package dev.gantry.spec

import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.regex.Pattern
import spock.lang.Shared
import spock.lang.Timeout

/** The jobs of a build engineer's first day, each a script of its own with what it prints, all in a few JVMs. */
@RequiresKernel(programs = ['python3', 'gcc'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class JobsKernelSpec extends ScriptSpecification {
    private static final Path JOBS = Path.of('src/test/resources/jobs')
    private static final int AT_ONCE = 17
    private static final END = '\n/* prints\n'

    @Shared List<String> names = JOBS.toFile().list().findAll { it.endsWith('.ctr.groovy') }.sort()

    def "the jobs print what they say: #jobs"() {
        given:
        jobs.each { Files.copy(JOBS.resolve(it), dir.resolve(it)) }

        when:
        def outcome = script(jobs.collect { "println '\\n=== $it'\ninclude('$it')" }.join('\n'))

        then:
        outcome.exit == 0
        def told = told(outcome.out)
        jobs.findAll { told[it] != wanted(it) }.collectEntries { [it, told[it]] } == [:]

        where:
        jobs << names.collate(AT_ONCE)
    }

    def "there are thirty-three of them"() {
        expect:
        names.size() >= 33
    }

    private static String wanted(String job) {
        Files.readString(JOBS.resolve(job)).split(Pattern.quote(END))[1] - '*/\n'
    }

    private static Map<String, String> told(String out) {
        out.split('\n=== ').findAll { it.contains('\n') && !it.isBlank() }.collectEntries { it.split('\n', 2).toList() }
    }
}
