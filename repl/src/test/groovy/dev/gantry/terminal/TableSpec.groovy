package dev.gantry.terminal

import spock.lang.Specification

/** Columns as wide as they need to be. */
class TableSpec extends Specification {
    def "each column is as wide as its widest cell, and a gap"() {
        given:
        def table = new Table(2, String::length)

        when:
        table.row(['ID', 'STATUS', 'PID']).row(['a', 'running', '1']).row(['longer', '', '22'])

        then:
        table.lines() == [
                'ID      STATUS   PID',
                'a       running  1',
                'longer           22',
        ]
    }

    def "a line has no blanks at its end"() {
        expect:
        new Table(3, String::length).row(['A', 'B']).row(['wide', '']).lines() == ['A      B', 'wide']
    }

    def "how wide a cell is, is for the caller to say"() {
        expect:
        new Table(1, { it == '!' ? 4 : it.length() }).row(['!', 'x']).row(['ab', 'y']).lines() == ['! x', 'ab   y']
    }

    def "a table without rows has no lines"() {
        expect:
        new Table(1, String::length).lines() == []
    }
}
