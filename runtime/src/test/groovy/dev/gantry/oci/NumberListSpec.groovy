package dev.gantry.oci

import spock.lang.Specification

/** Lists of numbers such as `0-2,7`. */
class NumberListSpec extends Specification {
    def "a list becomes words of bits: #text"() {
        expect:
        NumberList.of(text).words() == words
        NumberList.of(text).toString() == text

        where:
        text          || words
        ''            || []
        '0'           || [1L]
        '0-2,7'       || [0b1000_0111L]
        ' 1 , 3 - 4 ' || [0b1_1010L]
        '63'          || [Long.MIN_VALUE]
        '64'          || [0L, 1L]
        '8191'        || [0L] * 127 + [Long.MIN_VALUE]
    }

    def "all numbers are 8192 bits"() {
        expect:
        NumberList.ALL.words() == [-1L] * 128
    }

    def "no list: #text"() {
        when:
        NumberList.of(text)

        then:
        def e = thrown(IllegalArgumentException)
        e.message == "`$text` is not a list of numbers"

        where:
        text << [',', '1,', '2-1', '1-2-3', '-1', '8192', '99999', 'a', '0x1', '1;2']
    }
}
