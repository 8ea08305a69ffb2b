package dev.gantry.cli.oci

import dev.gantry.cli.command.UsageException
import spock.lang.Specification

/** Times as callers written in Go have them. */
class GoDurationSpec extends Specification {
    def "`#text` is #nanos ns"() {
        expect:
        GoDuration.parse(text).toNanos() == nanos

        where:
        text      || nanos
        '5s'      || 5_000_000_000
        '100ms'   || 100_000_000
        '1.5s'    || 1_500_000_000
        '1h30m'   || 5_400_000_000_000
        '2us'     || 2_000
        '7ns'     || 7
        '0s'      || 0
        '1s1s'    || 2_000_000_000
    }

    def "`#text` is no duration"() {
        when:
        GoDuration.parse(text)

        then:
        def e = thrown(UsageException)
        e.message == "invalid duration `$text`; such as 5s, 100ms or 1h30m"

        where:
        text << ['', '5', 's', '5 s', '-5s', '5s ', ' 5s', '5sec', '1.s', '5d']
    }
}
