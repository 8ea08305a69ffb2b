package dev.gantry.cli.script

import spock.lang.Specification

/** What is printed, line by line. */
class LineEventsSpec extends Specification {
    def "#pieces are the lines #lines"() {
        given:
        def received = []

        when:
        LineEvents.to { received << it }.withCloseable { stream -> pieces.each { stream.print(it) } }

        then:
        received == lines

        where:
        pieces           || lines
        []               || []
        ['a\n']          || ['a']
        ['a', 'b\nc']    || ['ab', 'c']
        ['a\n\nb\n']     || ['a', '', 'b']
        ['\u00fc\n']     || ['\u00fc']
        ['no end']       || ['no end']
    }

    def "a line is received when it ends, and not before"() {
        given:
        def received = []
        def stream = LineEvents.to { received << it }

        when:
        stream.print('a')
        stream.flush()

        then:
        received == []

        when:
        stream.print('b\n')
        stream.flush()

        then:
        received == ['ab']
    }
}
