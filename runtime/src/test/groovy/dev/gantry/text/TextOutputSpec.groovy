package dev.gantry.text

import java.nio.charset.StandardCharsets
import spock.lang.Specification

/** Output of programs becomes lines of text, masked and in order. */
class TextOutputSpec extends Specification {
    private static final HOSTILE = 'a\u001b[2J\u0007\u009b31m\u202e\u0000\rb\tc'
    private static final ESCAPED = 'a\\u001b[2J\\u0007\\u009b31m\\u202e\\u0000\\u000db\tc'

    def bytes = new ByteArrayOutputStream()
    def target = new PrintStream(bytes, true, StandardCharsets.UTF_8)
    def secrets = new Secrets()

    def "printing by #how escapes on the one stream, and not on the other"() {
        when:
        TextOutput.shown(target, secrets).with(print)

        then:
        text() == escaped

        when:
        bytes.reset()
        TextOutput.raw(target, secrets).with(print)

        then:
        text() == raw

        where:
        how             | print                                     || escaped                           | raw
        'print'         | { PrintStream it -> it.print(HOSTILE) }   || ESCAPED                           | HOSTILE
        'println'       | { PrintStream it -> it.println(HOSTILE) } ||
            ESCAPED + '\n'                    | HOSTILE + '\n'
        'an object'     | { PrintStream it -> it.println([HOSTILE]) } ||
            "[$ESCAPED]\n"                    | "[$HOSTILE]\n"
        'characters'    | { PrintStream it -> it.print(HOSTILE.chars) } || ESCAPED                           | HOSTILE
        'a character'   | { PrintStream it -> it.print('\u001b' as char) } ||
            '\\u001b'                         | '\u001b'
        'a format'      | { PrintStream it -> it.printf('<%s>%n', HOSTILE) } ||
            "<$ESCAPED>\n"                    | "<$HOSTILE>\n"
        'appending'     | { PrintStream it -> it.append(HOSTILE) }  || ESCAPED                           | HOSTILE
        'several lines' | { PrintStream it -> it.println('a\r\nb\nc') } ||
            'a\nb\nc\n'                       | 'a\r\nb\nc\n'
        'a stack trace' | { PrintStream it -> trace(HOSTILE).printStackTrace(it) } ||
            "java.lang.Exception: $ESCAPED\n" | "java.lang.Exception: $HOSTILE\n"
        'nothing'       | { PrintStream it -> it.print((String) null) } || 'null'                            | 'null'
        'a smile'       | { PrintStream it -> it.print('\ud83d\ude00') } ||
            '\ud83d\ude00'                    | '\ud83d\ude00'
    }

    private static trace(String message) {
        def e = new Exception(message)
        e.stackTrace = new StackTraceElement[0]
        e
    }

    def "bytes that are no UTF-8 are printed as they are by a script, and shown by Gantry"() {
        given:
        secrets.add('b\udcfe')

        when:
        TextOutput.raw(target, secrets).println('a\udcff\u00fc b\udcfe')
        TextOutput.shown(target, secrets).println('a\udcff\u00fc b\udcfe')

        then:
        bytes.toByteArray() == 'a\u00ff\u00c3\u00bc ***\na\\udcff\u00c3\u00bc ***\n'.getBytes('ISO-8859-1')
    }

    def "octets pass as they are"() {
        given:
        byte[] some = (0..255).collect { it as byte }

        when:
        stream(TextOutput.&shown).write(some)

        then:
        bytes.toByteArray() == some
    }

    def "a secret is masked however its octets come: #parts"() {
        given:
        secrets.add('hunter2')
        secrets.add('schlüssel')
        def out = stream(kind)

        when:
        parts.each { out.write(it.getBytes('UTF-8')); out.flush() }
        out.end()

        then:
        text() == masked

        where:
        [parts, masked, kind] << [
            [
                [['a hunter2 b'], 'a *** b'],
                [['a hun', 'ter2 b'], 'a *** b'],
                [['a hunter2 b'.toList()].flatten(), 'a *** b'],
                [['hun', 'hunter2'], 'hun***'],
                [['hunt', 'ing'], 'hunting'],
                [['hunter'], 'hunter'],
                [['hunter2'], '***'],
                [['hunter2', 'hunter2'], '******'],
            ],
            [TextOutput.&shown, TextOutput.&raw],
        ].combinations().collect { it[0] + [it[1]] }
    }

    def "what comes in the midst of a character is masked too"() {
        given:
        secrets.add('schlüssel')
        byte[] all = 'ein schlüssel'.getBytes('UTF-8')
        def out = stream(TextOutput.&raw)

        when:
        all.each { out.write(it) }
        out.end()

        then:
        text() == 'ein ***'
    }

    def "only what may be the beginning of a secret waits, and what is printed comes behind it"() {
        given:
        secrets.add('hunter2')
        def out = stream(TextOutput.&shown)

        when:
        out.write('password: hun'.bytes)

        then:
        text() == 'password: '

        when:
        out.println('gantry: hunter2 and\u001b more')

        then:
        text() == 'password: hungantry: *** and\\u001b more\n'
    }

    def "what is printed in parts is masked too: #parts"() {
        given:
        secrets.add('hunter2')
        secrets.add('ab\ncd')
        def out = stream(kind)

        when:
        parts.each { it.endsWith('|') ? out.println(it.substring(0, it.length() - 1)) : out.print(it) }
        out.end()

        then:
        text() == masked

        where:
        [parts, masked, kind] << [
            [
                [['a hun', 'ter2 b'], 'a *** b'],
                [['a hun', 'ter2|'], 'a ***\n'],
                [['hun|', 'ter2|'], 'hun\nter2\n'],
                [['h', 'u', 'n', 't', '|', 'x'], 'hunt\nx'],
                [['a hun', 'hunter2', 'schl\u00fc'], 'a hun***schl\u00fc'],
                [['ab|', 'more'], 'ab\nmore'],
                [['ab\nc', 'd|'], '***\n'],
            ],
            [TextOutput.&shown, TextOutput.&raw],
        ].combinations().collect { it[0] + [it[1]] }
    }

    def "a printed part that is no secret after all is escaped as all that is printed"() {
        given:
        secrets.add('\u001bhunter2')
        def out = stream(TextOutput.&shown)

        when:
        out.print('a\u001bhun')

        then:
        text() == 'a'

        when:
        out.write('\u001b'.bytes)
        out.end()

        then: 'what is written is not'
        text() == 'a\\u001bhun\u001b'
    }

    def "a program's secret is masked though others write between two parts of it; lines keep their order"() {
        given:
        secrets.add('hunter2')
        def out = stream(kind)
        def one = TextOutput.ofProgram(out)
        def other = TextOutput.ofProgram(out)

        when:
        one.write('password: hun'.bytes)
        out.println('gantry: a line')
        other.write('hunger\n'.bytes)
        other.write('hunt'.bytes)
        one.write('ter2\n'.bytes)
        out.print('more\n')

        then:
        text() == 'password: gantry: a line\nhunger\n***\nmore\n'

        when: 'it has ended'
        TextOutput.endOfProgram(other)

        then:
        text().endsWith('\nhunt')

        when: 'everything has'
        one.write('h'.bytes)
        out.endAll()

        then:
        text().endsWith('\nhunth')

        where:
        kind << [TextOutput.&shown, TextOutput.&raw]
    }

    def "a stream that masks nothing is a program's as it is"() {
        given:
        def plain = new ByteArrayOutputStream()

        expect:
        TextOutput.ofProgram(plain).is(plain)

        when:
        TextOutput.endOfProgram(plain)
        plain.write(1)

        then:
        plain.size() == 1
    }

    private TextOutput stream(Closure<TextOutput> kind) {
        kind.call(target, secrets)
    }

    private String text() {
        bytes.toString(StandardCharsets.UTF_8)
    }
}
