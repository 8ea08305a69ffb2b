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
        new ExitStatus(2, 0)  | ' \n'        | '\n'       || 'exec `make all`: exit status 2'
        new ExitStatus(-1, 9) | ''           | ''         || 'exec `make all`: killed by signal 9'
        new ExitStatus(1, 0)  | 'out\n'      | 'a\nb\n'   || 'exec `make all`: exit status 1\n  out\n  a\n  b'
        new ExitStatus(1,
            0)  | '\u001b[31mred\u001b[0m\r\n10 %\r20 %\r\n' | '\u001b]0;title\u0007x\u001b(B' || 'exec `make ' +
            'all`: exit status 1\n  red\n  20 %\n  x'
        new ExitStatus(1, 0)  | 'a\nb'       | ''         || 'exec `make all`: exit status 1\n  a\n  b'
    }

    def "what is left when sequences are taken out is none itself"() {
        when:
        result(new ExitStatus(1, 0), '\u001b\u001b[0m]0;title\u0007\tx\b\u001b', '').check()

        then:
        def e = thrown(CommandFailure)
        e.message == 'exec `make all`: exit status 1\n  \\u001b]0;title\\u0007\tx\\u0008\\u001b'
    }

    def "of much output the last twenty lines are told"() {
        when:
        result(new ExitStatus(1, 0), '', (1..99).join('\n')).check()

        then:
        def e = thrown(CommandFailure)
        e.message == 'exec `make all`: exit status 1' + (80..99).collect { "\n  $it" }.join('')
    }

    def "a command of several lines is told by its first: #words"() {
        given:
        def args = ['sh', '-c', script]
        def told = new ExecResult.Told(isScript ? script : '', '', 'ran out of its 64 MiB of memory')

        expect:
        new ExecResult(args, new ExitStatus(2, 0), new byte[0], '', Duration.ZERO, told).summary() ==
                "$words: exit status 2: the container ran out of its 64 MiB of memory"

        where:
        script                       | isScript || words
        'make all'                   | true     || 'sh `make all`'
        '\n  make all  \n  make x\n' | true     || 'sh `make all …`'
        '#!/bin/bash\nset -u\nmake'  | true     || 'sh `set -u …`'
        '#!/bin/bash\n'              | true     || 'sh `#!/bin/bash`'
        'make all\nmake x'           | false    || 'exec `sh -c make all …`'
    }

    private static ExecResult result(ExitStatus status, String out = '', String err = '') {
        new ExecResult(['make', 'all'], status, out, err, Duration.ofMillis(1))
    }
}
