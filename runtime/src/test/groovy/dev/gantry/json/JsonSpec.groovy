package dev.gantry.json

import dev.gantry.error.ConfigException
import com.fasterxml.jackson.databind.node.TextNode
import spock.lang.Specification

import java.nio.charset.StandardCharsets

/** JSON text is read with limits on its depth and size, and written. */
class JsonSpec extends Specification {
    def "strict: #text"() {
        when:
        parse(text)

        then:
        def e = thrown(ConfigException)
        e.message == message

        where:
        text                  || message
        ''                    || 'config.json: the document is empty'
        ' \n '                || 'config.json: the document is empty'
        '{"a": 1,\n "a": 2}'  || 'config.json: line 2, column 2: `a` is given twice'
        '{"\\u001b": 1, "\\u001b": 2}' || 'config.json: line 1, column 15: `\\u001b` is given twice'
        '{}\n{}'              || 'config.json: line 2, column 1: nothing may follow the end of the document'
        '{} x'                || "config.json: line 1, column 4: unrecognized token 'x'"
        '{"a"'                || 'config.json: line 1, column 5: the document ends too early'
        '{"a": [1'            || 'config.json: line 1, column 9: the document ends too early'
        '"a'                  || 'config.json: line 1, column 3: the document ends too early'
        '{"a": 1,}'           || "config.json: line 1, column 9: unexpected character ('}' (code 125))"
        '[1,]'                || "config.json: line 1, column 4: unexpected character (']' (code 93))"
        '{a: 1}'              || "config.json: line 1, column 2: unexpected character ('a' (code 97))"
        '// no\n{}'           || "config.json: line 1, column 1: unexpected character ('/' (code 47))"
        '[01]'                || 'config.json: line 1, column 3: invalid numeric value'
        '[NaN]'               || "config.json: line 1, column 5: non-standard token 'NaN'"
        '["a\tb"]'            || 'config.json: line 1, column 4: illegal unquoted character ((CTRL-CHAR, code 9))'
    }

    def "bytes that are not UTF-8 are refused"() {
        when:
        Json.parse(bytes as byte[], 'config.json')

        then:
        def e = thrown(ConfigException)
        e.message == message

        where:
        bytes                                || message
        [0x22, 0xff, 0x22]                   || 'config.json: not UTF-8 at byte 1'
        [0x22, 0x61, 0xc0, 0x80, 0x22]       || 'config.json: not UTF-8 at byte 2'
        [0x22, 0xed, 0xa0, 0x80, 0x22]       || 'config.json: not UTF-8 at byte 1'
        [0xff, 0xfe, 0x7b, 0x00]             || 'config.json: not UTF-8 at byte 0'
        [0x00, 0x7b, 0x00, 0x7d]             || 'config.json: line 1, column 2: illegal character ((CTRL-CHAR, code 0))'
    }

    def "a byte order mark is passed over, once, at the beginning"() {
        expect:
        Json.compact(Json.parse('\ufeff{"a":1}'.getBytes('UTF-8'), 'c')) == '{"a":1}'

        when:
        Json.parse(text.getBytes('UTF-8'), 'c')

        then:
        thrown(ConfigException)

        where:
        text << ['\ufeff', '\ufeff\ufeff{}', '{}\ufeff']
    }

    def "nesting up to the limit is read, one more is refused"() {
        when:
        parse('[' * 64 + ']' * 64)

        then:
        noExceptionThrown()

        when:
        parse('[' * 65 + ']' * 65)

        then:
        def e = thrown(ConfigException)
        e.message == 'config.json: line 1, column 65: arrays and objects are nested deeper than 64'
    }

    def "hostile nesting does not overflow the stack"() {
        when:
        parse(open * 1_000_000)

        then:
        thrown(ConfigException)

        where:
        open << ['[', '{"a":', '[{"a":']
    }

    def "a document beyond 16 MiB is refused"() {
        when:
        Json.parse(new byte[(16 << 20) + 1], 'config.json')

        then:
        def e = thrown(ConfigException)
        e.message == 'config.json: the document has 16777217 bytes, more than 16777216'
    }

    def "a #what that is too long is refused"() {
        when:
        parse(text)

        then:
        def e = thrown(ConfigException)
        e.message ==~ /config.json: line 1, column \d+: a string or number is too long/

        where:
        what     | text
        'string' | '["' + 'x' * ((1 << 20) + 1) + '"]'
        'name'   | '{"' + 'x' * ((1 << 20) + 1) + '": 1}'
        'number' | '1' * 101
        'fraction' | '0.' + '1' * 101
    }

    def "compact text is what was read: #text"() {
        expect:
        Json.compact(parse(text)) == text

        where:
        text << [
                'null', 'true', 'false', '""', '0', '-1', '1.0', '9223372036854775807', '18446744073709551615',
                '[]', '{}', '[[],{}]', '{"b":[1,"x",null],"a":{"c":true}}', '"a/b <&>"', '"\u00e9\u20ac"',
                '"\\"\\\\\\n\\r\\t\\u0000\\u001f"',
        ]
    }

    def "half a character is written as an escape, which is read as it was: #text"() {
        expect:
        Json.compact(new TextNode(text)) == written
        Json.parse(written.getBytes('UTF-8'), 'text').textValue() == text

        where:
        text               || written
        'a\udcffb'         || '"a\\udcffb"'
        '\ud800'           || '"\\ud800"'
        '\ud83d\ude00\udcff' || '"\ud83d\ude00\\udcff"'
    }

    def "indented text has a value a line"() {
        expect:
        Json.indented(parse('{"a":1,"b":[],"c":{},"d":["x",{"e":null}]}'), '\t') == '''\
            {
            \t"a": 1,
            \t"b": [],
            \t"c": {},
            \t"d": [
            \t\t"x",
            \t\t{
            \t\t\t"e": null
            \t\t}
            \t]
            }'''.stripIndent()
    }

    private static parse(String text) {
        Json.parse(text.getBytes(StandardCharsets.UTF_8), 'config.json')
    }
}
