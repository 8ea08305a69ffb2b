package dev.gantry.dsl

import dev.gantry.dsl.source.ScriptFailure
import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.text.Secrets
import groovy.transform.CompileStatic
import java.lang.ref.WeakReference
import java.nio.charset.StandardCharsets
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Specification
import spock.lang.TempDir
import spock.util.concurrent.PollingConditions

/** A script that is entered in parts keeps its variables, methods and containers from one part to the next. */
class InteractiveScriptSpec extends Specification {
    @TempDir Path dir

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream()
    @AutoCleanup InteractiveScript session

    def setup() {
        session = new InteractiveScript({ throw new IllegalStateException('no container is made here') },
                new PrintStream(printed, true, StandardCharsets.UTF_8), dir, new Secrets())
    }

    def "the value of a text is that of its last statement: #text"() {
        expect:
        eval(text) == value

        where:
        text             || value
        '1 + 1'          || 2
        'def x = 3'      || 3
        'int x'          || null
        'println 1'      || null
        'import java.util.concurrent.TimeUnit' || null
        'class Box {}'   || null
        '2; 3'           || 3
        ''               || null
    }

    def "what one text declares is there for the next: #first, #second"() {
        when:
        eval(first)

        then:
        eval(second) == value

        where:
        first                                             | second              || value
        'def x = 3'                                       | 'x + 1'             || 4
        'x = 3'                                           | 'x + 1'             || 4
        'int x = 3'                                       | 'x.class'           || Integer
        'long x = 3'                                      | 'x.class'           || Long
        'def (a, b) = [1, 2]'                             | 'a + b'             || 3
        'def twice(n) { n * 2 }'                          | 'twice(4)'          || 8
        'int twice(int n) { n * 2 }\nString twice(String s) { s + s }' | "twice(4) + twice('a')" || '8aa'
        'def add = { a, b -> a + b }'                     | 'add(1, 2)'         || 3
        'import java.util.concurrent.TimeUnit'            | 'TimeUnit.DAYS.toHours(1)' || 24
        'import static java.lang.Math.max'                | 'max(1, 2)'         || 2
        'import static java.lang.Math.*'                  | 'max(1, 2)'         || 2
        'import java.util.concurrent.*'                   | 'TimeUnit.DAYS.toHours(1)' || 24
        'import java.util.concurrent.TimeUnit as U'       | 'U.DAYS.toHours(1)' || 24
        'class Point { int x }'                           | 'new Point(x: 4).x' || 4
        'enum Color { RED }'                              | 'Color.RED.name()'  || 'RED'
    }

    def "what one text declares is there in the blocks of the next: #first, #second"() {
        when:
        eval(first)

        then:
        eval("container('c') { $second }.config.linux.resources.pids.limit") == 7

        where:
        first                         | second
        'def x = 7'                   | 'resources { pids x }'
        'x = 7'                       | 'resources { pids x }'
        'int x = 6'                   | 'resources { x++; pids x }'
        'def (a, b) = [3, 4]'         | 'resources { pids a + b }'
        'def x = 5'                   | 'resources { [2].each { pids x + it } }'
        'int seven() { 7 }'           | 'resources { pids seven() }'
        'def add = { a, b -> a + b }' | 'resources { pids add(3, 4) }'
        'def seven() { 7 }\nint same(int n) { [n].collect { it + seven() - 7 }.first() }' | 'resources { pids same(7) }'
        'def x = 1'                   | 'def x = 7; resources { pids x }'
        'def f(n) { container("b") { resources { pids n } }.config.linux.resources.pids.limit }\ndef x = 7' |
            'resources { pids f(x) }'
    }

    def "what a text declares is there in its own blocks, and a name that nobody declared is not"() {
        expect:
        eval("def x = 7; container('c') { resources { pids x } }.config.linux.resources.pids.limit") == 7

        when:
        eval("container('c') { resources { pids nobody } }")

        then:
        def e = thrown(ScriptMistakes)
        e.line().contains('resources: unknown name `nobody`')
    }

    def "an initialiser runs once, whatever follows"() {
        given:
        eval('count = 0')
        eval('def x = (count = count + 1)')

        when:
        5.times { eval('x') }

        then:
        eval('count') == 1
    }

    def "a later function, class or variable takes the place of an earlier one"() {
        given:
        eval('def f() { 1 }; class P { int v = 1 }')
        def before = eval('new P()')

        when:
        eval('def f() { 2 }')
        eval('class P { int v = 2 }')

        then:
        eval('f()') == 2
        eval('new P().v') == 2
        before.v == 1
    }

    def "a function sees the variables of the session as they are when it is called"() {
        given:
        eval('def greet() { "hello $name" }')
        eval("name = 'ann'")

        expect:
        eval('greet()').toString() == 'hello ann'
    }

    def "a text that fails leaves what it did, and the session goes on"() {
        when:
        eval("x = 1; throw new IllegalStateException('no')")

        then:
        def e = thrown(ScriptFailure)
        e.message == 'no [line1:1]'
        eval('x') == 1
    }

    def "what is wrong is told with its place: #text"() {
        when:
        eval(text)

        then:
        def e = thrown(ScriptMistakes)
        e.message.startsWith(message)

        where:
        text                               || message
        "container('box') { hostnam 'x' }" ||
            'line1:1:20: error: container: unknown keyword `hostnam`; did you mean `hostname`?'
        '1 +'                              || 'line1:1:'
        'nosuch(1)'                        || 'line1:1:1: error: script: unknown keyword `nosuch`'
        'nosuch'                           || 'line1:1:1: error: '
    }

    def "definitions are kept by id, the last one of a name counts"() {
        given:
        eval("def a = container('a') { hostname 'one' }")
        eval("container('b') { hostname 'two' }")
        eval("container('a') { hostname 'three' }")

        expect:
        session.containers().keySet().toList() == ['a', 'b']
        session.definitions()['a'].config().hostname() == 'three'
        eval('a.id') == 'a'
    }

    def "exit ends a text with a status, which is for the caller to follow"() {
        expect:
        with(session.evaluate('exit 3')) {
            exit() == OptionalInt.of(3)
            value() == null
        }
    }

    def "what is printed goes where it was asked to"() {
        when:
        eval("println 'one'; print 'two'")

        then:
        printed.toString() == 'one\ntwo'
    }

    def "a loop can be cancelled by interrupting its thread"() {
        given:
        def failure = null
        def thread = Thread.start {
            try {
                eval("x = 1; println 'begun'; while (true) { x = 1 }")
            } catch (ScriptFailure e) {
                failure = e
            }
        }
        new PollingConditions(timeout: 20).eventually {
            assert printed.toString() == 'begun\n'
        }

        when:
        thread.interrupt()
        thread.join(5_000)

        then:
        !thread.alive
        failure.message.contains('nterrupted')
        eval('x') == 1
    }

    def "the session as a script declares each name once"() {
        given:
        ['def x = 1', 'def x = 2', 'def (a, b) = [1, 2]; def a = 5', 'int f() { 3 }', 'x + a'].each { eval(it) }

        expect:
        session.text() == '''\
            // @dynamic
            def x = 1
            x = 2
            def (a, b) = [1, 2]; a = 5
            int f() { 3 }
            x + a
            '''.stripIndent()
    }

    def "a text that failed is no part of the session as a script"() {
        given:
        eval('def x = 1')

        when:
        eval('nosuch')

        then:
        thrown(ScriptMistakes)
        session.text() == '// @dynamic\ndef x = 1\n'
    }

    def "the code of a text goes when nothing refers to it"() {
        given:
        def loaders = (1..50).collect { loaderOf(eval("def c = { -> $it }; c()\nreturn c")) }

        when:
        eval('c = null')

        then: 'soft references of Groovy itself may hold the last ones'
        new PollingConditions(timeout: 20).eventually {
            System.gc()
            assert loaders.count { it.get() != null } <= 5
        }
    }

    /** Without Groovy's own way of asking, which would make it remember the class again. */
    @CompileStatic
    private static WeakReference<ClassLoader> loaderOf(Object value) {
        new WeakReference<>(value.getClass().getClassLoader())
    }

    private Object eval(String text) {
        session.evaluate(text).value()
    }
}
