package dev.gantry.dsl.word

import java.time.Duration
import spock.lang.Specification

/** Lengths of time as scripts and options write them, and as they are shown. */
class TimeSpanSpec extends Specification {
    def "`#text` is #span"() {
        expect:
        TimeSpan.parse(text) == span

        where:
        text    || span
        '500ms' || Duration.ofMillis(500)
        '2s'    || Duration.ofSeconds(2)
        '1.5 s' || Duration.ofMillis(1500)
        '2m'    || Duration.ofMinutes(2)
        '2min'  || Duration.ofMinutes(2)
        '1h'    || Duration.ofHours(1)
    }

    def "`#text` is refused"() {
        when:
        TimeSpan.parse(text)

        then:
        def e = thrown(IllegalArgumentException)
        e.message == "`$text` is not a length of time; hint: write `2.s` or '500ms'"

        where:
        text << ['', '2', 'soon', '-2s', '2 weeks']
    }

    def "numbers have units"() {
        expect:
        500.ms == Duration.ofMillis(500)
        2.s == Duration.ofSeconds(2)
        1.5.s == Duration.ofMillis(1500)
        3.min == Duration.ofMinutes(3)
        1.h == Duration.ofHours(1)
    }
}
