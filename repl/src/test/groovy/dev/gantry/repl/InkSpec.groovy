package dev.gantry.repl

import spock.lang.Specification

/** Colours, and what is taken for one. */
class InkSpec extends Specification {
    def "a text is coloured where there are colours: #text"() {
        expect:
        new Ink(true).bad(text) == coloured
        new Ink(false).bad(text) == plain

        where:
        text         || coloured                      | plain
        'no'         || '\u001b[31mno\u001b[0m'       | 'no'
        ''           || ''                            | ''
        'a\u0007b'   || '\u001b[31ma\\u0007b\u001b[0m' | 'a\\u0007b'
    }

    def "of a text that others wrote, colours alone reach the terminal: #text"() {
        expect:
        Ink.showing(text) == shown

        where:
        text                             || shown
        'a'                              || 'a'
        '\u001b[31mred\u001b[0m'         || '\u001b[31mred\u001b[0m'
        '\u001b[31mred'                  || '\u001b[31mred\u001b[0m' // it ends where the text does
        '\u001b[1;32mok\u001b[0m'        || '\u001b[1;32mok\u001b[0m'
        '\u001b[8mhidden'                || '\\u001b[8mhidden'
        '\u001b[38mx'                    || '\u001b[38mx\u001b[0m'
        'a\u001b]0;title\u0007'          || 'a\\u001b]0;title\\u0007'
        'a\u001b[2J'                     || 'a\\u001b[2J'
    }
}
