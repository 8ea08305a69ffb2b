package dev.gantry.value

import dev.gantry.error.ErrorKind
import dev.gantry.kernel.ExitStatus
import java.time.Duration
import spock.lang.Specification

/** The result of a command: status, output and the failure that a check throws. */
class ExecResultSpec extends Specification {
    def "a result tells how it ended and what it said"() {
        given:
        def result = result(new ExitStatus(3, 0), 'a\nb\n', 'oh')

        expect:
        result.exit() == 3
        result.text() == 'a\nb\n'
        result.lines() == ['a', 'b']
        result.err() == 'oh'
    }

    def "a signal counts from 128"() {
        expect:
        result(new ExitStatus(-1, 9)).exit() == 137
    }

    def "success passes its check"() {
        given:
        def result = result(new ExitStatus(0, 0), 'fine', 'with warnings')

        expect:
        result.check().is(result)
    }

    def "a failure says `#message`"() {
        when:
        result(status, out, err).check()

        then:
        def e = thrown(CommandFailure)
        e.kind() == ErrorKind.COMMAND_FAILED
        e.line() == message
        e.result().exit() == status.shell()

        where:
        status                | out          | err        || message
        new ExitStatus(2, 0)  | ''           | ''         || 'exec `make all`: exit status 2'
        new ExitStatus(2, 0)  | ' \n'        | '\n'       || 'exec `make all`: exit status 2\n   '
        new ExitStatus(-1, 9) | ''           | ''         || 'exec `make all`: killed by signal 9'
        new ExitStatus(1, 0)  | 'out\n'      | 'a\nb\n'   || 'exec `make all`: exit status 1\n  a\n  b'
        new ExitStatus(1, 0)  | 'a\nb'       | ''         || 'exec `make all`: exit status 1\n  a\n  b'
    }

    def "of much output the last ten lines are told"() {
        when:
        result(new ExitStatus(1, 0), '', (1..99).join('\n')).check()

        then:
        def e = thrown(CommandFailure)
        e.message == 'exec `make all`: exit status 1' + (90..99).collect { "\n  $it" }.join('')
    }

    private static ExecResult result(ExitStatus status, String out = '', String err = '') {
        new ExecResult(['make', 'all'], status, out, err, Duration.ofMillis(1))
    }
}
