package dev.gantry.spec

import dev.gantry.json.Json
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.Outcome
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Scripts as a pipeline runs them: reports, time limits, included scripts, pods, and what a killed script leaves. */
@RequiresKernel
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CiScriptKernelSpec extends ScriptSpecification {
    private static final UNFINISHED = 'the script has not come to its end: it still runs, or its process was ended'

    def "a summary tells what became of each container"() {
        when:
        def outcome = script(['--summary'], "container('idle') { }.start()\n" +
            "def c = container('job') { process { args 'sh', '-c', 'exit 3' } }\nc.start()\nc.waitFor()\n")

        then:
        outcome.exit == 0
        outcome.err.readLines()*.replaceAll(/ +/, ' ')*.replaceAll(/[\d.]+ s$/, 'T') ==
            ['job stopped with 3 T', 'idle running T']
    }

    def "a JUnit file has a case for each step and check"() {
        when:
        def outcome = script(['--junit', 'reports/new/report.xml'], """
            def box = container('box') { }
            box.start()
            step('builds \\u0001<\\uD83D\\uDE00>') { box.exec('printf', '<built>\\\\033[0m').check() }
            try { step('breaks') { throw new IllegalStateException('broken') } } catch (IllegalStateException e) { }
            step('tests') { box.exec('sh', '-c', 'echo no >&2; exit 4').check() }
        """)
        def suite = junit('reports/new/report.xml')

        then:
        outcome.exit == 4
        ['name', 'tests', 'failures', 'errors', 'skipped'].collect { suite.getAttribute(it) } ==
            ['x.ctr.groovy', '5', '2', '1', '0']
        suite.getAttribute('time') ==~ /\d+\.\d{3}/
        suite.getAttribute('timestamp') ==~ /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/
        cases(suite) == [
            ['x', 'printf <built>\\033[0m', 'system-out: <built>?[0m'],
            ['x', 'builds \\u0001<\uD83D\uDE00>'],
            ['x', 'breaks', 'error: broken'],
            ['x', 'sh -c echo no >&2; exit 4', 'failure: exec `sh -c echo no >&2; exit 4`: exit status 4\n  no',
                'system-err: no\n'],
            ['x', 'tests', 'failure: exec `sh -c echo no >&2; exit 4`: exit status 4\n  no'],
        ]
    }

    def "what goes well when it is tried again is no failure in a JUnit file"() {
        when:
        def outcome = script(['--junit', 'report.xml'], '''
            def box = container('box') { }.start()
            def attempts = 0
            step('flaky') {
                retry(2) {
                    attempts++
                    parallel(a: { box.exec('true').check() }, b: { box.exec('test', "$attempts", '=', '2').check() })
                }
            }
        ''')
        def suite = junit('report.xml')

        then:
        outcome.exit == 0
        ['tests', 'failures', 'errors'].collect { suite.getAttribute(it) } == ['5', '0', '0']
        cases(suite).toSet() == [
            ['x', 'true'],
            ['x', 'test 1 = 2', 'system-err: tried again: exec `test 1 = 2`: exit status 1\n'],
            ['x', 'test 2 = 2'],
            ['x', 'flaky'],
        ].toSet()
    }

    def "a JUnit file tells of a script that #what"() {
        when:
        def outcome = script(['--junit', 'report.xml'], text)

        then:
        outcome.exit == status
        cases(junit('report.xml')) == expected

        where:
        what                     | text           || status | expected
        'has nothing to tell'    | ''             || 0      | [['x', 'x.ctr.groovy']]
        'exits'                  | 'exit 5'       || 5      | [['x', 'x.ctr.groovy', 'failure: exit status 5']]
        'fails'                  | "throw new Exception('over')" ||
            1      | [['x', 'x.ctr.groovy', 'error: over [x.ctr.groovy:1]']]
        'fails after its cases'  | "step('a') { }; throw new Exception('over')" ||
            1      | [['x', 'a'], ['x', 'x.ctr.groovy', 'error: over [x.ctr.groovy:1]']]
        'survives one and fails' |
            "try { step('a') { assert false } } catch (AssertionError e) { }; throw new Exception('over')" || 1      |
                [['x', 'a', 'failure: assert false'], ['x', 'x.ctr.groovy', 'error: over [x.ctr.groovy:1]']]
        'fails in a branch'      | "parallel(a: { step('s') { throw new Exception('A') } }, b: { 1 })" ||
            1      | [['x', 's', 'error: A']]
        'is wrong'               | "hostname 'x'" ||
            1      | [['x', 'x.ctr.groovy', "error: x.ctr.groovy:1:1: error: script: unknown keyword `hostname`; " +
                "hint: it belongs in `container { }`\n  1 | hostname 'x'\n    | ^^^^^^^^"]]
    }

    def "a JUnit file tells of no success when a script #what"() {
        given: 'an earlier one'
        script(['--junit', 'report.xml'], '')

        when:
        def outcome = script(['--junit', 'report.xml'], text)

        then:
        outcome.exit == status
        cases(junit('report.xml')) == [['x', 'x.ctr.groovy', "error: $told"]]
        !Files.exists(dir.resolve('report.xml.new'))

        where:
        what                  | text                                                      || status | told
        'kills the JVM'       | '"kill -9 ${ProcessHandle.current().pid()}".execute(); Thread.sleep(100_000)' ||
            137    | UNFINISHED
        'halts the JVM'       | "step('a') { }; Runtime.runtime.halt(0)"                  || 0      | UNFINISHED
        'ends the JVM'        | 'System.exit(0)'                                          || 0      | UNFINISHED
        'uses up its memory'  | 'def l = []; while (true) { l << new byte[100_000_000] }' ||
            1      | 'OutOfMemoryError: Java heap space [x.ctr.groovy:1]'
        'breaks the compiler' | "container('a').fs[{ }]"                                  ||
            1      | "x.ctr.groovy:1:1: error: script: Groovy's compiler fails on what is near this line; " +
                "hint: write it in another way, or opt out of checks by a line with `// @dynamic` alone\n" +
                "  1 | container('a').fs[{ }]\n    | ^^^^^^^^^^^^^^^^^^^^^^"
    }

    def "a JUnit file tells of no success when there is no such script"() {
        expect:
        gantry.run('run', '--junit', 'report.xml', 'no.ctr.groovy').err == 'gantry: no such script: `no.ctr.groovy`\n'
        cases(junit('report.xml')) == [['no', 'no.ctr.groovy', 'error: no such script: `no.ctr.groovy`']]
    }

    private junit(String file) {
        javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(dir.resolve(file).toFile())
            .documentElement
    }

    /** The class, name and content of each case. */
    private static List<List<String>> cases(suite) {
        def all = suite.getElementsByTagName('testcase')
        (0..<all.length).collect {
            def content = all.item(it).childNodes
            assert all.item(it).getAttribute('time') ==~ /\d+\.\d{3}/
            [all.item(it).getAttribute('classname'), all.item(it).getAttribute('name')] +
                    (0..<content.length).collect { n -> content.item(n).nodeName + ': ' + content.item(n).textContent }
        }
    }

    def "a report that cannot be written is a warning"() {
        expect:
        script(['--junit', '/proc/report.xml'], '').err ==
            'gantry: warning: write `/proc/report.xml`: no such file or directory (ENOENT)\n'
    }

    def "nothing but events is in a log in JSON"() {
        when:
        def outcome = script(['--log-format', 'json', '--summary'], """
            def b = container('b') { resources { memory kernel: 64.MiB } }
            b.start()
            b.sh('echo plain >&2')
        """)
        def lines = outcome.err.readLines().collect { Json.parse(it.bytes, 'log') }

        then:
        lines*.get('event')*.asText() == ['made', 'warning', 'stderr', 'exec', 'ended']
        lines[1].get('message').asText().startsWith('kernel memory is not limited')
        lines[2].get('message').asText() == 'plain'
    }

    def "a summary tells of what is kept, too"() {
        expect:
        script(['--summary'], "keep()\ncontainer('kept') { }.start()").err ==~ /kept +running +[\d.]+ s\n/

        cleanup:
        gantry.run('delete', '--force', 'kept')
    }

    def "a log in JSON tells what happens, line by line"() {
        when:
        def outcome = script(['--log-format', 'json'], "def b = container('b') { }\nb.start()\n" +
            "b.exec('true').check()\nthrow new Exception('over')\n")
        def lines = outcome.err.readLines().collect { Json.parse(it.bytes, 'log') }

        then:
        outcome.exit == 1
        lines*.get('event')*.asText() == ['made', 'exec', 'ended', 'error']
        lines[0].get('container').asText() == 'b'
        lines[3].get('message').asText() == 'over [x.ctr.groovy:4]'
    }

    def "a time limit ends a script that #what"() {
        when:
        def begin = System.nanoTime()
        def outcome = script(['--timeout', '1s', '--junit', 'report.xml'], "def b = container('b') { }\nb.start()\n" +
            "$text\n")

        then:
        outcome.exit == 124
        outcome.err == 'gantry: script: ended after its time of 1s was out\n'
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) < 30
        Files.readString(dir.resolve('report.xml')).contains('<testsuite')

        where:
        what                      | text
        'waits for a command'     | "b.exec('sleep', '100')"
        'waits for nothing'       | 'waitFor(100.s) { false }'
        'does not listen'         | 'while (true) { }'
    }

    def "what a killed script #place leaves is swept, and nothing else: by #how"() {
        given:
        def other = container("o", 'keep(); container("other") { }.start()')
        Files.writeString(dir.resolve('k.ctr.groovy'), "container('left') { }.start()\nprintln 'made'\n" +
            "Thread.sleep(100000)\n")
        def process = new Command(around, GantryCommand.LAUNCHER, gantry.globals, 'k.ctr.groovy').at(dir).start()
        assert process.inputStream.newReader().readLine() == 'made'

        expect: 'a living script keeps what it has'
        gantry.run('sweep').out == ''

        when:
        process.destroyForcibly().waitFor()
        def outcome = how == 'sweep' ? gantry.run('sweep') : script([], "container('next') { }.start()")

        then:
        outcome.exit == 0
        outcome.out + outcome.err == told
        !Files.exists(stateRoot.resolve('left'))
        Files.exists(stateRoot.resolve('other'))

        cleanup:
        gantry.run('delete', '--force', 'other')

        where:
        how              | place                          || told
        'sweep'          | ''                             || 'left\n'
        'the next start' | ''                             ||
            'gantry: warning: removed `left`, which a killed script had left\n'
        'sweep'          | 'with its whole pid namespace' || 'left\n'
        'the next start' | 'with its whole pid namespace' ||
            'gantry: warning: removed `left`, which a killed script had left\n'
        around = place ? ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] : []
    }

    private Outcome container(String name, String text) {
        Files.writeString(dir.resolve("${name}.ctr.groovy"), text)
        def outcome = gantry.run("${name}.ctr.groovy".toString())
        assert outcome.exit == 0: outcome
        outcome
    }

    def "an included script defines containers, takes parameters and fails with its own lines"() {
        given:
        Files.writeString(dir.resolve('common.ctr.groovy'), "def name = param('name', default: 'x')\n" +
            "container('common') { hostname name }\n")
        Files.writeString(dir.resolve('broken.ctr.groovy'), "\nthrow new Exception('broken')\n")
        Files.writeString(dir.resolve('loop.ctr.groovy'), "include 'loop.ctr.groovy'\n")

        expect:
        script(
            ['-P', 'name=called'], "println include('common.ctr.groovy')['common'].start().exec('hostname').text.trim()"
        ).out == 'called\n'
        script([], "include 'broken.ctr.groovy'").err.replace("$dir/", '') == 'gantry: broken [broken.ctr.groovy:2]\n'
        script([], "include 'loop.ctr.groovy'").err.contains('include `loop.ctr.groovy`: it includes itself')
    }

    def "containers are deleted in reverse order, also when the script ends by an error"() {
        expect:
        script([], """
            ['a', 'b'].each { id -> container(id) { hooks { poststop { s -> println "gone \${s.id}" } } }.start() }
            throw new Exception('x')
        """).out == 'gone b\ngone a\n'
    }

    def "a script that is interrupted ends the command it waits for, also in a container that it keeps: by #signal"() {
        given:
        file("keep()\ndef b = container('kept') { }\nb.start()\n" +
            "b.exec('sh', '-c', 'echo begun; sleep 4711; true', tee: true)\n")
        def process = gantry.command('x.ctr.groovy').start()
        assert process.inputStream.newReader().readLine() == 'begun'

        when:
        Command.ok('kill', "-$signal", process.pid())
        process.waitFor()

        then:
        gantry.run('state', 'kept').out.contains('"running"')
        gantry.run('ps', '--format', 'json', 'kept').out.split(',').length == 1

        cleanup:
        gantry.run('delete', '--force', 'kept')

        where:
        signal << ['INT', 'TERM']
    }

    def "a script tells what of a definition this machine will not do"() {
        expect:
        script([], "container('a') { resources { memory kernel: 64.MiB } }.start()").err ==
                'gantry: warning: kernel memory is not limited: ' +
                'Linux has given that up [linux.resources.memory.kernel, x.ctr.groovy:1]\n'
    }
}
