package dev.gantry.dsl.word

import spock.lang.Specification

/** Sizes as scripts and options write them, and as they are shown. */
class ByteSizeSpec extends Specification {
    def "`#text` is #bytes bytes"() {
        expect:
        ByteSize.parse(text).bytes() == bytes

        where:
        text       || bytes
        '0'        || 0
        '4096'     || 4096
        '100b'     || 100
        '64m'      || 67108864
        '64M'      || 67108864
        '64MiB'    || 67108864
        '64 mib'   || 67108864
        ' 1.5 GiB' || 1610612736
        '10k'      || 10240
        '2t'       || 2199023255552
    }

    def "`#text` is refused"() {
        when:
        ByteSize.parse(text)

        then:
        def e = thrown(IllegalArgumentException)
        e.message == message

        where:
        text          || message
        ''            || "`` is not a size; hint: write `64.MiB` or '64m'"
        'lots'        || "`lots` is not a size; hint: write `64.MiB` or '64m'"
        '64MB'        || "`64MB` is not a size; hint: write `64.MiB` or '64m'"
        '-1'          || "`-1` is not a size; hint: write `64.MiB` or '64m'"
        '1.3k'        || '`1.3KiB` is not a whole number of bytes'
        '9999999999g' || '`9999999999GiB` is too large'
    }

    def "numbers have units"() {
        expect:
        size == new ByteSize(bytes)

        where:
        size      || bytes
        10.KiB    || 10240
        64.MiB    || 67108864
        1.GiB     || 1073741824
        1.5.GiB   || 1610612736
        2.TiB     || 2199023255552
        1L.KiB    || 1024
    }

    def "#bytes bytes read #text"() {
        expect:
        new ByteSize(bytes).toString() == text

        where:
        bytes         || text
        0             || '0'
        100           || '100'
        1024          || '1KiB'
        1536          || '1536'
        67108864      || '64MiB'
        1L << 50      || '1024TiB'
    }

    def "sizes are ordered by their bytes"() {
        expect:
        1.GiB > 1000.MiB
    }
}
