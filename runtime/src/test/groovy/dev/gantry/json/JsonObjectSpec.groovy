package dev.gantry.json

import dev.gantry.error.Problems
import spock.lang.Specification

import java.nio.charset.StandardCharsets

/** Members of a JSON object are read by type, with an error that names the path. */
class JsonObjectSpec extends Specification {
    def problems = new Problems()

    def "#value is #read"() {
        expect:
        reader(object("""{"m": $value}""")) == read
        problems.isEmpty()

        where:
        value                    | reader                                         || read
        'true'                   | { it.bool('m') }                               || true
        '"x"'                    | { it.string('m') }                             || 'x'
        '-9223372036854775808'   | { it.int64('m') }                              || Long.MIN_VALUE
        '9223372036854775807'    | { it.int64('m') }                              || Long.MAX_VALUE
        '-2147483648'            | { it.int32('m') }                              || Integer.MIN_VALUE
        '65535'                  | { it.uint16('m') }                             || 65535
        '4294967295'             | { it.uint32('m') }                             || 4294967295L
        '9223372036854775807'    | { it.uint64('m') }                             || Long.MAX_VALUE
        '9223372036854775808'    | { it.uint64Bits('m') }                         || Long.MIN_VALUE
        '18446744073709551615'   | { it.uint64Bits('m') }                         || -1L
        '"dark red"'             | { it.constant('m', Colour) }                   || Colour.DARK_RED
        '[]'                     | { it.constants('m', Colour) }             || []
        '["a", ""]'              | { it.strings('m') }                            || ['a', '']
        '[7, 5]'                 | { it.uint32s('m') }                            || [7L, 5L]
        '{"z": "1", "a": ""}'    | { it.stringMap('m').toString() }               || '[z:1, a:]'
        '{"n": 1}'               | { it.object('m', codec { o -> o.int64('n') }) }       || 1L
        '[{"n": 1}, {"n": 2}]'   | { it.objects('m', codec { o -> o.int64('n') }) }      || [1L, 2L]
        '{"k": {"n": 1}}'        | { it.objectMap('m', codec { o -> o.int64('n') }) }    || [k: 1L]
        // a byte that is no UTF-8
        '"a\\udcffb"'             | { it.string('m') }                             || 'a\udcffb'
        '""'                     | { it.string('m') }                             || null
        '""'                     | { it.constant('m', Colour) }            || null
    }

    def "#value is refused: #text"() {
        when:
        def read = reader(object("""{"p": {"m": $value}}"""))

        then:
        !read
        problems.errors()*.line() == [text]

        where:
        value                  | reader                                || text
        '1'                    | { it.bool('m') }                      || '`m` must be true or false, not `1` [p.m]'
        '1'                    | { it.string('m') }                    || '`m` must be a string, not `1` [p.m]'
        '"a\\u0000b"'          | { it.string('m') }                    ||
            '`m` must be text without NUL characters and half characters, not `"a\\u0000b"` [p.m]'
        '"\\ud800"'            | { it.string('m') }                    ||
            '`m` must be text without NUL characters and half characters, not `"\\ud800"` [p.m]'
        '"x"'                  | { it.uint32('m') }                    ||
            '`m` must be a whole number from 0 to 4294967295, not `"x"` [p.m]'
        '-1'                   | { it.uint32('m') }                    ||
            '`m` must be a whole number from 0 to 4294967295, not `-1` [p.m]'
        '4294967296'           | { it.uint32('m') }                    ||
            '`m` must be a whole number from 0 to 4294967295, not `4294967296` [p.m]'
        '1.0'                  | { it.uint32('m') }                    ||
            '`m` must be a whole number from 0 to 4294967295, not `1.0` [p.m]'
        '1e3'                  | { it.int32('m') }                     ||
            '`m` must be a whole number from -2147483648 to 2147483647, not `1E+3` [p.m]'
        '65536'                | { it.uint16('m') }                    ||
            '`m` must be a whole number from 0 to 65535, not `65536` [p.m]'
        '[1]'                  | { it.int64('m') }                     ||
            '`m` must be a whole number from -9223372036854775808 to 9223372036854775807, not `[1]` [p.m]'
        '9223372036854775808'  | { it.uint64('m') }                    ||
            '`m` must be a whole number from 0 to 9223372036854775807, not `9223372036854775808` [p.m]'
        '18446744073709551616' | { it.uint64Bits('m') }                ||
            '`m` must be a whole number from 0 to 18446744073709551615, not `18446744073709551616` [p.m]'
        '-1'                   | { it.uint64Bits('m') }                ||
            '`m` must be a whole number from 0 to 18446744073709551615, not `-1` [p.m]'
        '"blue"'               | { it.constant('m', Colour) }          ||
            '`m` must be one of `dark red`, `green`, not `"blue"` [p.m]'
        '3'                    | { it.constant('m', Colour) }          || '`m` must be a string, not `3` [p.m]'
        '["green", 3]'         | { it.constants('m', Colour)[1] }      ||
            '`m[1]` must be one of `dark red`, `green`, not `3` [p.m[1]]'
        '"a"'                  | { it.strings('m') }                   || '`m` must be a list, not `"a"` [p.m]'
        '["a", null]'          | { it.strings('m')[1] }                || '`m[1]` must be a string, not `null` [p.m[1]]'
        '[]'                   | { it.stringMap('m') }                 || '`m` must be an object, not `[]` [p.m]'
        '{"a.b": 1}'           | { it.stringMap('m') }                 ||
            '`m[a.b]` must be a string, not `1` [p.m[a.b]]'
        '{"\\u0000": ""}'      | { it.stringMap('m') }                 ||
            '`m[\\u0000]` has a NUL or half a character in its name [p.m[\\u0000]]'
        '7'                    | { it.object('m', codec { o -> o }) }  || '`m` must be an object, not `7` [p.m]'
        '[[]]'                 | { it.objects('m', codec { o -> o }) } || '`m[0]` must be an object, not `[]` [p.m[0]]'
        '[{"n": 1}]'           | { it.objects('m', codec { o -> o.string('n') }) } ||
            '`n` must be a string, not `1` [p.m[0].n]'
        '{"k": {"n": 1}}'      | { it.objectMap('m', codec { o -> o.bool('n') }) } ||
            '`n` must be true or false, not `1` [p.m[k].n]'
    }

    def "a long or wild value is shown shortened and escaped"() {
        when:
        object('{"m": "\\u001b\u202e' + 'x' * 100 + '"}').bool('m')

        then:
        problems.errors()*.text() == ['`m` must be true or false, not `"\\u001b\\u202e' + 'x' * 27 + '...`']
    }

    def "null is absent, whatever is asked for"() {
        given:
        def json = object('{"m": null}')

        expect:
        [json.bool('m'), json.string('m'), json.int64('m'), json.uint64Bits('m'), json.object('m', codec { it }),
            json.constant('m', Colour)].every { it == null }
        [json.strings('m'), json.uint32s('m'), json.constants('m', Colour), json.objects('m', codec { it })]
            .every { it == [] }
        [json.stringMap('m'), json.objectMap('m', codec { it })].every { it == [:] }
        !json.has('m')
        json.bool('not there') == null
        problems.isEmpty()
    }

    def "a member is found in any case, its exact name first"() {
        expect:
        object('{"CPU": "a", "cpu": "b"}').string('cpu') == 'b'
        object('{"CPU": "a", "cpu": "b"}').string('CPU') == 'a'
        object('{"CPU": "a"}').string('cpu') == 'a'
        object('{"memBWschema": "a"}').string('memBwSchema') == 'a'
    }

    def "a document that is no object is reported and read as empty"() {
        when:
        def json = JsonObject.of(Json.parse('[1]'.bytes, 'x'), '', problems)

        then:
        json.string('m') == null
        problems.errors()*.line() == ['the document must be an object, not `[1]`']
    }

    private static JsonCodec codec(Closure reader) {
        [read: reader, write: { throw new UnsupportedOperationException() }] as JsonCodec
    }

    private JsonObject object(String text) {
        def json = JsonObject.of(Json.parse(text.getBytes(StandardCharsets.UTF_8), 'x'), '', problems)
        json.object('p', codec { it }) ?: json
    }
}

enum Colour implements NamedConstant {
    DARK_RED, GREEN

    @Override
    String ociName() {
        name().toLowerCase().replace('_', ' ')
    }
}
