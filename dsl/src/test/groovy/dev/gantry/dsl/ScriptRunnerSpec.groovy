package dev.gantry.dsl

import dev.gantry.dsl.source.ScriptFailure
import dev.gantry.error.ContainerException
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** A script runs to an exit status, prints what it prints, and fails with one line that names its place. */
class ScriptRunnerSpec extends Specification {
    @TempDir
    Path dir

    Scripts scripts

    def setup() {
        scripts = new Scripts(dir)
    }

    def "a script's exit status is what it says: #text"() {
        expect:
        scripts.run(text) == status

        where:
        text                                                      || status
        ''                                                        || 0
        'exit 3'                                                  || 3
        'exit 0; throw new Exception()'                           || 0
        '[1, 2].each { if (it == 2) exit it }'                    || 2
        'try { exit 4 } catch (Exception e) { println "caught" }' || 4
    }

    def "a script prints to where it is told to"() {
        when:
        scripts.run('''
            println 'a'
            print 1
            println()
            println([1, [a: "b${2}"]])
            printf '%s-%d%n', 'c', 3
            printf '%05.1f%n', 2.5
            container('box') { print 'in'; println 'side' }
            [4].each { println it }
        ''')

        then:
        scripts.printed.toString() == 'a\n1\n[1, [a:b2]]\nc-3\n002.5\ninside\n4\n'
    }

    def "a script finds its arguments, in both modes"() {
        when:
        scripts.run("$directive\nprintln args.size() + args[1]", ['x', 'y'])

        then:
        scripts.printed.toString() == '2y\n'

        where:
        directive << ['//', '// @dynamic']
    }

    def "a line with `// @dynamic` alone opts out of the checks"() {
        when:
        scripts.run('// @dynamic\ndef o = [:].withDefault { it }\nprintln o.anything.length()')

        then:
        scripts.printed.toString() == '8\n'
    }

    def "what a script throws becomes one line with its place: #statement"() {
        when:
        scripts.run("\n$statement\n")

        then:
        def e = thrown(ScriptFailure)
        e.line().replace("$dir/", '') == line
        e.exitStatus() == 1

        where:
        statement                                || line
        "throw new Exception('boom')"            || 'boom [x.ctr.groovy:2]'
        "throw new Exception('boom\\nand more')" || 'boom [x.ctr.groovy:2]\nand more'
        "throw new Error('boom')"                || 'Error: boom [x.ctr.groovy:2]'
        "def f(int n) { f(n + 1) }; f(1)"        || 'StackOverflowError [x.ctr.groovy:2]'
        "throw new NullPointerException()"       || 'NullPointerException [x.ctr.groovy:2]'
        "new File('/no/such').text"              ||
            'FileNotFoundException: /no/such (No such file or directory) [x.ctr.groovy:2]'
        "assert 1 == 2 : 'sums'"                 || 'sums. Expression: (1 == 2) [x.ctr.groovy:2]'
        "assert 1 + 1 == 3"                      ||
            'assertion failed [x.ctr.groovy:2]\nassert 1 + 1 == 3\n         |   |\n         2   false'
        "exit 256"                               || 'exit: a status is from 0 to 255, not `256` [x.ctr.groovy:2]'
        "println 1.3.KiB"                        || '`1.3KiB` is not a whole number of bytes [x.ctr.groovy:2]'
        "container('box').exec('ls')"            ||
            'exec in `box`: it has not been made [x.ctr.groovy:2]; hint: call `start()` first'
        "container('box').pid"                   ||
            'state of `box`: it has not been made [x.ctr.groovy:2]; hint: call `start()` first'
        "container('box').run()"                 ||
            'run `box`: without `args` it would wait for ever [x.ctr.groovy:2]; ' +
                'hint: write `process { args ... }`, or use `start()`'
        "container('box') { process { terminal true } }.start()" ||
            'start `box`: a script has no terminal to give [x.ctr.groovy:2]; hint: leave `terminal` out'
    }

    def "a script's own methods can be called in every block, in both modes: #what"() {
        given:
        def methods = "String name(int n = 0) { 'own' + n }\nint most() { 7 }\n"

        expect:
        ['// checked', '// @dynamic'].collect {
            new Scripts(dir).tap { one -> one.run("$it\n$methods$text") }.printed.toString()
        } == ["$printed\n"] * 2

        where:
        what                    | text                                                             || printed
        'a definition'          | "println container(name()) { hostname name(1) }.config.hostname" || 'own1'
        'a block in it' | "println container('c') { resources { pids most() } }.config.linux.resources.pids.limit" ||
            '7'
        'a closure in that' | "println container('c') { process { [1, 2].each { env((name(it)): " +
            "'x') } } }.config.process.env.findAll { it.contains('own') }.join(' ')" ||
            'own1=x own2=x'
        'a branch'              | "parallel { branch('a') { [3].each { println name(it) } } }"     || 'own3'
        'a field' | "@groovy.transform.Field int f = 8\n" +
            "println container('c') { resources { pids f } }.config.linux.resources.pids.limit" ||
            '8'
        'a field that is set'   | "@groovy.transform.Field int f = 8\n[1, 2].each { int i -> f += i }\nprintln f" ||
            '11'
        'a static one' | "static int twice(int i) { 2 * i }\n" +
            "println container('c') { resources { pids twice(4) } }.config.linux.resources.pids.limit" ||
            '8'
        'not instead of a word' |
            "def args() { 0 }\nprintln container('c') { process { args 'x' } }.config.process.args" || '[x]'
        'not for a local'       |
            "println container('c') { def most = 3; resources { pids most } }.config.linux.resources.pids.limit" || '3'
        'a step'                | "step('a') { println name(4) }"                                  || 'own4'
    }

    def "the words of a script are at hand in code that a block takes for later, in both modes: #text"() {
        expect:
        ['// checked', '// @dynamic']
            .collect { new Scripts(dir).tap { one -> one.run("$it\n$text") }.printed.toString() } == ["$printed\n"] * 2

        where:
        text                                                                                || printed
        "parallel { branch('a') { step('y') { println 'in a step' } } }"                    || 'in a step'
        "parallel { branch('a') { [1].each { println container('c') { hostname 'h' }.id } } }" || 'c'
        "def x = 'there'\nparallel { branch('a') { def y = 1; println(x + y) } }"           || 'there1'
        "parallel { branch('a') { parallel { branch('b') { println param('p', default: 5) } } } }" || '5'
    }

    def "a container is a definition until it is made"() {
        when:
        scripts.run('''
            def box = container('box') { hostname 'x' }
            println box.id
            println box.status
            println box.config.hostname
            println box
        ''')

        then:
        scripts.printed.toString() == 'box\ndefined\nx\ncontainer `box` (defined)\n'
    }

    def "the definitions of a script are found without making anything or printing"() {
        given:
        def text = '''
            println 'not to be seen'
            def a = container('a') { hostname 'first' }
            container('b') { }
            keep()
            a.start()
            container('c') { }
        '''

        when:
        def definitions = scripts.definitions(text)

        then:
        definitions.keySet() as List == ['a', 'b']
        definitions['a'].config().hostname() == 'first'
        definitions['a'].bundle() == dir
        scripts.printed.toString() == ''
    }

    def "the search for definitions ends at #call"() {
        expect:
        scripts.definitions("def a = container('a')\n$call\ncontainer('b')").keySet() as List == ['a']

        where:
        call << ['a.create()', 'a.start()', "a.exec('ls')", 'println a.pid', 'a.kill()', 'a.waitFor()', 'a.delete()',
            'exit 3']
    }

    def "a library that a script asks for is not loaded"() {
        expect:
        scripts.complaint("@Grab('a:b:1') import java.util.List\nprintln 1") == 'no complaint'
    }

    def "no class comes from a file in the script's directory"() {
        given:
        Files.writeString(dir.resolve('Helper.groovy'), 'class Helper { }')

        expect:
        scripts.complaint('println new Helper()').startsWith('x.ctr.groovy:1:9: error: unable to resolve class Helper')
    }

    def "a closed runner makes nothing more"() {
        given:
        def runner = new ScriptRunner({ throw new AssertionError() }, System.out)
        runner.close()

        when:
        runner.run(scripts.file("container('box').start()"), [])

        then:
        thrown(ContainerException)
    }
}
