package dev.gantry.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** What is checked in a script is what can be known before it runs: the rest of Groovy works as ever. */
class OrdinaryGroovySpec extends Specification {
    @TempDir
    Path dir

    private String printed(String text) {
        def scripts = new Scripts(dir)
        assert scripts.complaint(text) == 'no complaint'
        scripts.printed.toString()
    }

    def "containers come from functions, lists, maps and multiple assignments"() {
        expect:
        printed('''\
            def db(String name) { container(name) { hostname name } }
            def all = []
            all << db('a') << container('b')
            println all[0].id + all.last().status
            def boxes = [web: db('web')]
            println boxes.web.id + boxes['web'].id
            boxes.each { name, box -> println name + box.status }
            for (box in all) { println box.id }
            def (one, two) = pod('p') { container('s') { }; container('t') { } }.containers
            println one.id + two.id
            def (x, y, z) = 'a b'.split(' ').toList()
            (x, y) = [y, x]
            println "$x $y $z"
            Container typed = all[1]
            List<Container> more = all
            String text = boxes.web.id
            println typed.id + more*.id + text
            '''.stripIndent()) == '''\
            adefined
            webweb
            webdefined
            a
            b
            st
            b a null
            b[a, b]web
            '''.stripIndent()
    }

    def "a script has the containers that it has defined by their names, as the prompt has"() {
        expect:
        printed("container('a') { hostname 'x' }\nprintln containers.a.config.hostname + containers.keySet()\n") ==
            'x[a]\n'
    }

    def "branches are a block, or named blocks, and may end at the first failure: #body"() {
        expect:
        printed(body) == text

        where:
        body                                                     || text
        "println parallel(a: { 1 }, b: { 2 })"                   || '[a:1, b:2]\n'
        "println parallel(failFast: true) { branch('a') { 3 } }" || '[a:3]\n'
        "println parallel(a: { 1 }, failFast: false)"            || '[a:1]\n'
    }

    def "what is no branch is named"() {
        expect:
        new Scripts(dir).complaint("parallel(a: 1)\n") ==
            Scripts.mistake(1, 'parallel(a: 1)', 10, 1,
                'script: `parallel`: `a` is neither a block nor `failFast: true`')
    }

    def "a block is the word's, and checked, though only the run can tell its other arguments"() {
        expect:
        printed("""\
            def box(name) { container(name) { process { args 'true' }; hostname name } }
            def again(times) { retry(times) { println 'in ' + times } }
            println box('a').config.hostname
            println(['b', 'c'].collect { name -> container(name) { hostname name } }*.id)
            again(2)
            """.stripIndent()) == 'a\n[b, c]\nin 2\n'
        new Scripts(dir).complaint("def box(name) { container(name) { hostnam 'x' } }\n") ==
            Scripts.mistake(1, "def box(name) { container(name) { hostnam 'x' } }", 35, 7,
                'container: unknown keyword `hostnam`; did you mean `hostname`?')
    }

    def "operators of unknown values are those of the values: #expression"() {
        expect:
        printed("def any(x) { x }\nprintln($expression)\n") == "$value\n"

        where:
        expression                              || value
        "any(1) + 1"                            || '2'
        "1 + any(2) * 3"                        || '7'
        "any([5, 6])[1]"                        || '6'
        "any([a: [b: 1]])['a'].b"               || '1'
        "any(2) ** 3 - any(1)"                  || '7'
        "any(3) < 4 && any('b') > 'a'"          || 'true'
        "'a' + any('b')"                        || 'ab'
        "[1] + any(2)"                          || '[1, 2]'
        "any([1]) << 2"                         || '[1, 2]'
        "[1, 2].collect { it + any(1) }"        || '[2, 3]'
        "[1, 'a'][0] + 1"                       || '2'
    }

    def "one mistake is told once, and what follows from it is not: #line"() {
        expect:
        new Scripts(dir).complaint("$line\nx.start()\nprintln x.exec('id').text.size() + 1\nx.a = x.b[0]\n") ==
                Scripts.mistake(1, line, column, length, text)

        where:
        line                       || column | length | text
        "def x = contaner('a')"    || 9      | 8      | 'script: unknown keyword `contaner`; did you mean `container`?'
        "def x = container('a').p" || 24     | 1      | 'a container has no `p`; did you mean `ps`?'
    }

    def "what a function returns is checked: #statement"() {
        expect:
        new Scripts(dir).complaint("def box(n) { container(\"\$n\") }\ndef two() { [box(1), box(2)] }\n$statement\n") ==
                Scripts.mistake(3, statement, column, length, text)

        where:
        statement                 || column | length | text
        "box('a').strat()"        || 10     | 5      | 'a container has no `strat`; did you mean `start`?'
        "two()[0].strat()"        || 10     | 5      | 'a container has no `strat`; did you mean `start`?'
        "def (a, b) = two(); b.x" || 23     | 1      | 'a container has no `x`'
        "Container c = 5"         || 1      | 15     | 'a whole number does not fit a variable for a container'
    }

    def "a class of the script's own may have the name of a type"() {
        expect:
        printed("class Result { String toString() { 'mine' } }\nprintln new Result()\n") == 'mine\n'
    }
}
