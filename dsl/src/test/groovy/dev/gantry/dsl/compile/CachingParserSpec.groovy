package dev.gantry.dsl.compile

import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.dsl.source.ScriptSource
import dev.gantry.dsl.live.CtrScript
import java.lang.management.ManagementFactory
import java.nio.file.Path
import java.time.Duration
import org.codehaus.groovy.control.CompilationFailedException
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.Phases
import spock.lang.Specification

/**
 * Named arguments without parentheses, which scripts are full of, are parsed about as fast as those with them; no text
 * takes for ever.
 */
class CachingParserSpec extends Specification {
    private static final AT_MOST_TIMES = 5 // seen: 1.4; with Groovy's parser as it is: 20

    /** Returns the processor time that it takes, the best of several times: others on the machine do not change it. */
    private static long nanos(String line) {
        (1..5).collect { round ->
            def unit = new CompilationUnit(new ScriptCompiler(CtrScript).dynamicConfiguration([]))
            unit.addSource('x.groovy', "// $round\n" + (1..60).collect { "a('$it') {\n$line\n}\n" }.join())
            long begin = ManagementFactory.threadMXBean.currentThreadCpuTime
            unit.compile(Phases.CONVERSION)
            ManagementFactory.threadMXBean.currentThreadCpuTime - begin
        }.min()
    }

    def "#what that would take hours are given up"() {
        given:
        def configuration = new ScriptCompiler(CtrScript).dynamicConfiguration([])
        configuration.pluginFactory = CachingParser.within(Duration.ofMillis(300))
        def unit = new CompilationUnit(configuration)
        unit.addSource('x.groovy', text)

        when:
        unit.compile(Phases.CONVERSION)

        then:
        def e = thrown(CompilationFailedException)
        CompilerMessages.mistakes(e, new ScriptSource('x.groovy', Path.of('/'), text))*.text() ==
                ['script: the compiler takes too long to read it; hint: nest brackets and calls less deeply']

        where:
        what              | text
        'nested brackets' | 'x = ' + '{' * 2000 + '}' * 2000
        'nested calls'    | 'x({ ' * 1000 + '})' * 1000
        'nested types'    | 'def f(' + 'List<' * 2000 + 'A' + '>' * 2000 + ' z) {}'
        'open calls'      | 'f(' * 5000
    }

    def "a character that is no part of Groovy is a mistake, of which the parser prints nothing itself: #text"() {
        given:
        def printed = new ByteArrayOutputStream()
        def standard = System.err
        System.err = new PrintStream(printed, true, 'UTF-8')
        def source = new ScriptSource('x.groovy', Path.of('/'), text)

        when:
        new ScriptCompiler(CtrScript).compile(source)

        then:
        def e = thrown(ScriptMistakes)
        e.mistakes()*.text().first() == "unexpected character: '$wrong'"
        printed.toString('UTF-8') == ''

        cleanup:
        System.err = standard

        where:
        text                || wrong
        '([{"\'$/}])a .,;'  || '/'
        'def x = 1 \u00a7 2' || '\u00a7'
        'x = `ls`'          || '`'
    }

    def "the parser remembers what it has decided"() {
        given:
        nanos('user(uid: 1000, gid: 1000)')

        expect:
        nanos('user uid: 1000, gid: 1000') < AT_MOST_TIMES * nanos('user(uid: 1000, gid: 1000)')
    }
}
