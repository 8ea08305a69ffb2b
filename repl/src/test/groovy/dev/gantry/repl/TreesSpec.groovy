package dev.gantry.repl

import dev.gantry.dsl.word.ByteSize
import java.time.Duration
import spock.lang.Specification

/** Values that are made of others. */
class TreesSpec extends Specification {
    private final trees = new Trees(new Ink(false))

    record Point(int x, Integer y) {}
    record Line(Point from, List<String> names, Optional<String> label, Map<String, String> tags) {}

    def "#value is `#text`"() {
        expect:
        trees.text(value) == text

        where:
        value                          || text
        'plain'                        || 'plain'
        1                              || '1'
        null                           || 'null'
        true                           || 'true'
        [1, 'a']                       || "[1, 'a']"
        []                             || '[]'
        [[1], [a: 'b']]                || "[[1], [a: 'b']]"
        [1, 2] as int[]                || '[1, 2]'
        Duration.ofMillis(1500)        || '1.500 s'
        String                         || 'class String'
        ({ -> })                       || 'a function'
        new Object()                   || 'an object of class Object'
        new ByteSize(1024)             || new ByteSize(1024).toString()
        [new Point(1, 2)]              || '[x: 1, y: 2]'
    }

    def "a record is a line for each part that is set, the parts of parts further in"() {
        expect:
        trees.text(record) == text

        where:
        record                                                          || text
        new Point(1, 2)                                                 || 'x: 1\ny: 2'
        new Point(1, null)                                              || 'x: 1'
        new Line(new Point(1, null), ['a'], Optional.of('l'), [k: 'v']) ||
            "from\n  x: 1\nnames: ['a']\nlabel: 'l'\ntags: [k: 'v']"
        new Line(null, [], Optional.empty(), [:])                       || ''
    }

    def "a long text in a list has a line of its own"() {
        expect:
        trees.text(new Line(null, ['x' * 25, 'y'], Optional.empty(), [:])) == "names\n  - '${'x' * 25}'\n  - 'y'"
    }

    def "a map is a line for each entry"() {
        expect:
        trees.map(map) == text

        where:
        map            || text
        [:]            || '[:]'
        [a: 1, b: 'c'] || "a: 1\nb: 'c'"
    }

    def "of a long list the beginning is shown"() {
        expect:
        trees.text((1..1002).toList()).endsWith(', 1000] and 2 more')
    }

    def "a value whose text cannot be made is shown as that"() {
        given:
        def value = new Object() {
            @Override
            String toString() {
                throw new IllegalStateException('tja')
            }
        }

        expect:
        trees.text([value]).contains('whose toString() fails: java.lang.IllegalStateException: tja')
    }
}
