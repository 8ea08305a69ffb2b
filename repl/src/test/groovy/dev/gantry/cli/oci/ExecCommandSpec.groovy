package dev.gantry.cli.oci

import dev.gantry.error.ContainerException
import spock.lang.Specification

/** What `exec` reads from its options. */
class ExecCommandSpec extends Specification {
    def "user `#text` is uid #uid and gid #gid"() {
        expect:
        ExecCommand.user(text).with { [it.uid(), it.gid()] } == [uid, gid]

        where:
        text              || uid          | gid
        '1'               || 1            | 0
        '1:2'             || 1            | 2
        '0:0'             || 0            | 0
        '4294967294:5'    || 4294967294L  | 5
    }

    def "user `#text` is refused, never taken for root"() {
        when:
        ExecCommand.user(text)

        then:
        def e = thrown(ContainerException)
        e.line() == "parse user `$text`; hint: UID or UID:GID, as numbers"

        where:
        text << ['', ':2', '1:', '01', '-1', '4294967295', '99999999999', '1x', 'root', '1:2:3', ' 1', '+1', '0x1']
    }
}
