package dev.gantry.repl

import spock.lang.Specification

/** Tables at the prompt. */
class InkTableSpec extends Specification {
    private static final RED = '\u001b[31m'
    private static final END = '\u001b[0m'

    def "on #columns columns a table is as wide as that: #text"() {
        expect:
        new InkTable(new Ink(false, { columns }), 'PID', 'COMMAND').row('12345', 'gantry-init --wait').row('1', 'sh')
            .text() == text

        where:
        columns || text
        0       || 'PID    COMMAND\n12345  gantry-init --wait\n1      sh'
        25      || 'PID    COMMAND\n12345  gantry-init --wait\n1      sh'
        24      || 'PID   COMMAND\n12345 gantry-init --wait\n1     sh'
        20      || 'PID   COMMAND\n12345 gantry-init -~\n1     sh'
        12      || 'PID  COMMAND\n123~ gantry~\n1    sh'
        3       || 'PID  COMMAND\n123~ gantry~\n1    sh'
    }

    def "the column after #cell begins where that of the others does"() {
        expect:
        new InkTable(new Ink(false), 'A', 'B').row(cell, '1').row('four', '2').text() == text

        where:
        cell                   || text
        'ab'                   || 'A     B\nab    1\nfour  2'
        '\u65e5\u672c'         || 'A     B\n\u65e5\u672c  1\nfour  2'  // each takes two columns
        'e\u0301'              || 'A     B\ne\u0301     1\nfour  2'    // an accent takes none
        "${RED}ab$END"         || "A     B\n${RED}ab$END    1\nfour  2"
        'a\nb'                 || 'A     B\na b   1\nfour  2'
        'a\u001b[2Jb'          || 'A            B\na\\u001b[2Jb  1\nfour         2'
    }

    def "with colours the header stands out"() {
        expect:
        new InkTable(new Ink(true), 'A', 'B').row('1', '2').text() == '\u001b[1mA  B\u001b[0m\n1  2'
    }
}
