package dev.gantry.wire

import spock.lang.Specification

/** Bytes become text and the same bytes again, also where they are not UTF-8. */
class RawTextSpec extends Specification {
    def "bytes are text and bytes again: #hex"() {
        given:
        def bytes = hex.decodeHex()

        expect:
        RawText.decode(bytes) == text
        RawText.encode(text) == bytes

        where:
        hex                || text
        ''                 || ''
        '61c3bce282ac'     || 'a\u00fc\u20ac'
        'f09f9880'         || '\ud83d\ude00'
        'ff'               || '\udcff'
        'c361'             || '\udcc3a'
        '61e282'           || 'a\udce2\udc82'
        'f09f9880fff09f98' || '\ud83d\ude00\udcff\udcf0\udc9f\udc98'
        'efbfbd80'         || '\ufffd\udc80'
        'eda080'           || '\udced\udca0\udc80'
    }

    def "lines keep bytes that are not UTF-8, and end at line feeds alone"() {
        expect:
        RawText.lines(bytes as byte[]) == lines

        where:
        bytes                                   || lines
        []                                      || []
        [0x61, 0xff, 0x0a, 0x62, 0x0d, 0x63]    || ['a\udcff', 'b\rc']
        [0x61, 0x0a, 0x0a, 0x62, 0x0a]          || ['a', '', 'b']
    }
}
