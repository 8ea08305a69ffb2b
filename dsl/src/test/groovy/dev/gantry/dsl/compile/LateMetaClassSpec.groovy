package dev.gantry.dsl.compile

import dev.gantry.dsl.Scripts
import java.nio.file.Path
import org.codehaus.groovy.reflection.ClassInfo
import spock.lang.Specification
import spock.lang.TempDir

/** A closure whose meta class is made late does what any closure does. */
class LateMetaClassSpec extends Specification {
    @TempDir
    Path dir

    def "a closure whose metaclass is late does what any closure does: #statement"() {
        given:
        def scripts = ['// checked', '// @dynamic']
            .collect { new Scripts(dir).tap { one -> one.run("$it\n$statement\n") } }

        expect:
        scripts*.printed*.toString() == ["$printed\n"] * 2

        where:
        statement                                                                         || printed
        "def c = { int i -> i + 1 }; println c(3)"                                        || '4'
        "def c = { int i -> i + 1 }; println c.call(3)"                                   || '4'
        "def c = { int a, int b -> a * b }; println c(2, 3)"                              || '6'
        "def c = { int a, int b -> a * b }; println c.curry(4)(5)"                        || '20'
        "def c = { int i -> i + 1 }; def m = c.&call; println m(5)"                       || '6'
        "def c = { int i -> i + 1 }; println c.memoize()(7)"                              || '8'
        "def c = { int i -> i + 1 } >> { it.toString() + '!' }; println c(1)"             || '2!'
        "println([3, 1, 2].sort { 0 - (it as int) })"                                     || '[3, 2, 1]'
        "println([a: 1].collect { k, v -> k.toString() + v.toString() })"                 || '[a1]'
        "Closure f; f = { int n -> n < 2 ? 1 : n * (f.call(n - 1) as int) }; println f(5)" || '120'
        "Runnable r = { println 'run' }; r.run()"                                         || 'run'
        "println 'abc'.with { length() }"                                                 || '3'
        "def c = { int i -> i }; println c.metaClass.respondsTo(c, 'call').size() > 0"    || 'true'
        "def c = { }; println c.getProperty('maximumNumberOfParameters')"                 || '1'
    }

    def "it is made when it is asked something, and is then the one of all later objects"() {
        given:
        def type = new GroovyClassLoader().parseClass('class Late { }')

        when:
        LateMetaClass.await(type)
        def first = ClassInfo.getClassInfo(type).metaClass

        then:
        !(first instanceof MetaClassImpl)
        ClassInfo.getClassInfo(type).metaClass.is(first)

        when:
        def answer = first.theClass

        then:
        answer == type
        ClassInfo.getClassInfo(type).metaClass instanceof MetaClassImpl
    }
}
