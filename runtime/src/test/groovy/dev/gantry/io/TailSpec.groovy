package dev.gantry.io

import spock.lang.Specification

/** The last bytes of an output are kept, up to a limit. */
class TailSpec extends Specification {
    private static String kept(int limit, List<String> parts) {
        def tail = new Tail(limit)
        parts.each { tail.add(it.bytes) }
        assert tail.size() == tail.bytes().length
        new String(tail.bytes())
    }

    def "of #parts the last #limit bytes are kept"() {
        expect:
        kept(limit, parts) == text

        where:
        limit | parts                         || text
        4     | []                            || ''
        4     | ['']                          || ''
        4     | ['ab', 'c']                   || 'abc'
        4     | ['ab', 'cd']                  || 'abcd'
        4     | ['ab', 'cd', 'e']             || 'bcde'
        4     | ['abcd', 'ef', 'ghi']         || 'fghi'
        4     | ['abc', 'defghijk']           || 'hijk'
        4     | ['abcdefgh', '', 'i']         || 'fghi'
        0     | ['ab', 'c']                   || ''
    }

    def "nothing is lost or mixed up, whatever the sizes are"() {
        given:
        def random = new Random(seed)
        def limit = 1 + random.nextInt(40)
        def parts = (1..60)
            .collect { (0..<random.nextInt(25)).collect { (char) (('a' as char) + random.nextInt(26)) }.join('') }
        def all = parts.join('')

        expect:
        kept(limit, parts) == all.substring(Math.max(0, all.length() - limit))

        where:
        seed << (1..50)
    }

    def "what was taken is forgotten"() {
        given:
        def tail = new Tail(3)
        tail.add('abcd'.bytes)

        when:
        tail.clear()
        tail.add('xy'.bytes)

        then:
        new String(tail.bytes()) == 'xy'
    }
}
