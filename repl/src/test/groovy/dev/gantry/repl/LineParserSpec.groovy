package dev.gantry.repl

import org.jline.reader.EOFError
import org.jline.reader.Parser.ParseContext
import spock.lang.Specification

/** Where a text ends, and which word the cursor is in. `|` is the cursor. */
class LineParserSpec extends Specification {
    def "at `#text` the word is `#word`"() {
        given:
        def cursor = text.indexOf('|')

        when:
        def parsed = new LineParser().parse(text.replace('|', ''), cursor, ParseContext.COMPLETE)

        then:
        [parsed.word(), parsed.wordCursor(), parsed.cursor()] == [word, word.length(), cursor]

        where:
        text                        || word
        '|'                         || ''
        'cont|'                     || 'cont'
        'cont|ainer'                || 'cont'
        'box.st|'                   || 'st'
        'box.|'                     || ''
        "kill('TE|')"               || 'TE'
        "dir('/etc/ho|')"           || '/etc/ho'
        "exec('ls', '/et|')"        || '/et'
        "exec('ls /et|')"           || '/et'
        ':load /tmp/a-b|'           || '/tmp/a-b'
        ':he|'                      || 'he'
        "'a' + bc|"                 || 'bc'
    }

    def "`#text` goes on after Enter, for want of `#missing`"() {
        when:
        new LineParser().parse(text, text.length(), ParseContext.ACCEPT_LINE)

        then:
        def e = thrown(EOFError)
        e.missing == missing

        where:
        text                  || missing
        "container('a') {"    || '}'
        'f(1,'                || ')'
        '"""a'                || '"""'
    }

    def "`#text` is whole"() {
        when:
        new LineParser().parse(text, text.length(), ParseContext.ACCEPT_LINE)

        then:
        noExceptionThrown()

        where:
        text << ['', '1 + 1', "container('a') { }", ':load {', ':help (']
    }

    def "a candidate is put in as it is"() {
        expect:
        new LineParser().parse('a', 1, ParseContext.COMPLETE).escape("it's", true) == "it's"
    }
}
