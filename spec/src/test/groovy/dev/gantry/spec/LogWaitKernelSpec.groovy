package dev.gantry.spec

import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** {@code waitFor { log ... }}: what was written stays written, whatever follows it. Run 50 times by hand. */
@RequiresKernel
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LogWaitKernelSpec extends ScriptSpecification {
    private static final MUCH = 'head -c 3000000 /dev/zero | tr "\\\\0" x'

    private static final UNHEARD = '; hint: `log` needs `args`, no terminal, and a container that is not kept\n'

    def "a line is found though #what: as often as is tried"() {
        when:
        def outcome = script("""
            int found = 0
            10.times { n ->
                def c = container("c\$n") { process { args 'sh', '-c', '$program' } }
                c.start()
                c.waitFor(10.s) { log ~/(?m)^rea.y\$/ }
                found++
                c.delete(force: true)
            }
            System.err.println found
        """)

        then:
        outcome.err == '10\n'
        outcome.exit == 0

        where:
        what                                 | program
        'the container is over at once'      | 'echo ready'
        'the container is over a bit later'  | 'sleep 0.02; echo ready'
        'three megabytes follow it'          | "echo ready; $MUCH; sleep 100"
        'three megabytes come before it'     | "$MUCH; echo; echo ready; sleep 100"
        'it comes in parts'                  | 'printf re; sleep 0.05; printf a; sleep 0.05; echo dy; sleep 100'
    }

    def "what was written while something else was waited for counts, too"() {
        when:
        def outcome = script('''
            def c = container('c') { process {
                args 'sh', '-c', 'echo one; sleep 0.1; echo two; touch /there; sleep 100'
            } }
            c.start().waitFor { file '/there'; log ~/one/; log ~/(?s)one.two/ }
            c.waitFor { log ~/\\Aone/ }
            c.stop(50.ms)
            c.waitFor { log ~/two/ }
        ''')

        then:
        outcome.err == ''
        outcome.exit == 0
    }

    def "what is not found is told: #what"() {
        when:
        def outcome = script(text)

        then:
        outcome.err == "gantry: $told [x.ctr.groovy:$line]$more"

        where:
        what                  | text || line | told                                                         | more
        'by its end' | "def c = container('c') { process { args 'echo', 'no' } }.start()\nc.waitFor { log ~/yes/ }" ||
            2    | 'wait for `c`: log ~/yes/: the container has ended with exit status 0' | '\n  no\n'
        'by its time'         |
            "def c = container('c') { process { args 'sleep', '60' } }.start()\nc.waitFor(100.ms) { log ~/yes/ }" || 2 |
                'wait for `c`: log ~/yes/: not so after 0.1s' | '\n'
        'by no output'        | "def c = container('c') { }.start()\nc.waitFor { log ~/yes/ }" ||
            2    | 'wait for `c`: log ~/yes/: nobody listens to what it writes' | UNHEARD
        'by an odd pattern' | "def c = container('c') { process { args 'sh', '-c', 'head -c 60000 /dev/zero | " +
            "tr \"\\\\0\" x; sleep 60' } }.start()\nc.waitFor { log ~/(x|y)*z/ }" ||
            2    | 'wait for `c`: log ~/(x|y)*z/: the pattern is too complex for what is written' |
                '; hint: write it without groups that are repeated\n'
        'by what was dropped' | "def c = container('c') { process { args 'sh', '-c', '$MUCH; echo ready; $MUCH; " +
            "touch /there; sleep 60' } }.start()\nc.waitFor { file '/there' }\nc.waitFor(100.ms) { log ~/ready/ }" ||
            3    | 'wait for `c`: log ~/ready/: not so after 0.1s'              |
                '\n  (3811 KiB of what it had written before were not kept, and not searched)\n'
    }
}
