package dev.gantry.dsl

import java.lang.management.ManagementFactory
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.Phases
import spock.lang.Specification

/** Named arguments without parentheses, which scripts are full of, are parsed about as fast as those with them. */
class CachingParserSpec extends Specification {
    private static final AT_MOST_TIMES = 5 // seen: 1.4; with Groovy's parser as it is: 20

    /** Returns the processor time that it takes, the best of several times: others on the machine do not change it. */
    private static long nanos(String line) {
        (1..5).collect { round ->
            def unit = new CompilationUnit(ScriptCompiler.dynamicConfiguration())
            unit.addSource('x.groovy', "// $round\n" + (1..60).collect { "a('$it') {\n$line\n}\n" }.join())
            long begin = ManagementFactory.threadMXBean.currentThreadCpuTime
            unit.compile(Phases.CONVERSION)
            ManagementFactory.threadMXBean.currentThreadCpuTime - begin
        }.min()
    }

    def "the parser remembers what it has decided"() {
        given:
        nanos('user(uid: 1000, gid: 1000)')

        expect:
        nanos('user uid: 1000, gid: 1000') < AT_MOST_TIMES * nanos('user(uid: 1000, gid: 1000)')
    }
}
