package dev.gantry.dsl

import dev.gantry.text.Secrets
import dev.gantry.error.ContainerException
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** `gantry check` reads a script from its first line to its last, past what only a run can tell, and makes nothing. */
@Timeout(60)
class CheckSpec extends Specification {
    private static final MODES = ['// checked', '// @dynamic']

    @TempDir
    Path dir

    /** Returns all that a check tells of a script, without the directory it is in. */
    private String told(String text, List<String> params = []) {
        def file = dir.resolve(Scripts.NAME)
        Files.writeString(file, text)
        try {
            ScriptRunner.check(file, [], ScriptParams.of(params), new Secrets())
            'nothing'
        } catch (ContainerException e) {
            e.line().replace("$dir/", '')
        }
    }

    def "a script that waits is not waited for: #waiting"() {
        given:
        def file = Files.writeString(dir.resolve(Scripts.NAME), "$waiting\ncontainer('a') { hostname 'b' }\n")

        expect:
        ScriptRunner.check(file, [], ScriptParams.NONE, new Secrets(), Duration.ofMillis(300)).keySet() == ['a'] as Set

        where:
        waiting << ['new java.util.concurrent.CountDownLatch(1).await()', 'java.util.concurrent.TimeUnit.DAYS.sleep(1)',
            'Thread.currentThread().join()', 'def x = new Object(); synchronized (x) { x.wait() }']
    }

    def "a script that does not listen is left behind, and its line is told"() {
        given:
        def file = Files.writeString(dir.resolve(Scripts.NAME),
                'long end = System.nanoTime() + 2_000_000_000L\nfor (; System.nanoTime() < end;) { }\n')

        when:
        ScriptRunner.check(file, [], ScriptParams.NONE, new Secrets(), Duration.ofMillis(200))

        then:
        def e = thrown(ContainerException)
        e.line().readLines()[0] == "$file:2:1: error: script: its check gave up here after 0 s; " +
                'hint: a check passes over what a container does, not what the script itself waits for'
    }

    def "every mistake of a file is told at once, whole, wherever it stands"() {
        expect:
        told(directive + '\n' + WRONG) == TOLD

        where:
        directive << MODES
    }

    def "what is nested too deeply is told once: #what"() {
        expect:
        told("$directive\n\n$text\n").readLines()[0] ==
                "$Scripts.NAME:1:1: error: script: its brackets or calls are nested too deeply"

        where:
        [what, text, directive] << [
                [['parentheses', "x = ${'(' * 20_000}1${')' * 20_000}"], ['members', 'x' + '.a' * 20_000],
                    ['strings', "x = ${'"${' * 5_000}"]],
                MODES].combinations { [*it[0], it[1]] }
    }

    def "a name that is put together when the script runs is no mistake of the compiler's: #statement"() {
        expect:
        !told("// checked\ndef box = container('box') { }\n$statement\n").contains('internal error')

        where:
        statement << ['println rootfs"files: ${1}"', 'box."${1}"', 'box."${1}" = 2', 'box."${1}"(3)',
            'container("x") { mounts."${1}" }']
    }

    def "an id that no container can have is a mistake: #shown"() {
        expect:
        told("$directive\ncontainer('$id') { }\n").readLines()[0] ==
                "$Scripts.NAME:2:1: error: container: invalid container ID format: `$shown`; " +
                "hint: at most 1024 letters, digits and `_+-.`, not beginning with a dot"
        told("$directive\npod('$id') { }\n").contains("invalid container ID format: `$shown`")

        where:
        [id, shown, directive] << [[['', ''], ['../../x', '../../x'], ['a b', 'a b'], ['.a', '.a'], ['é', 'é'],
            ['a' * 5_000, 'a' * 40 + '...']], MODES]
                .combinations { [*it[0], it[1]] }
    }

    def "of a line that is too long only what is around the mistake is shown"() {
        when:
        def lines = told("// checked\nprintln '${'a' * 60_000}'; hostnam 5; println '${'b' * 60_000}'\n").readLines()

        then:
        lines[0] == "$Scripts.NAME:2:60013: error: script: unknown keyword `hostnam`; " +
            "did you mean `hostname` in `container { }`?"
        lines[1] == "  2 | ...${'a' * 77}'; hostnam 5; println '${'b' * 140}..."
        lines[2] == "    | ${' ' * 83}^^^^^^^"
    }

    def "a byte order mark is no text"() {
        expect:
        told("\ufeff$directive\ncontainer('x') { hostname 'a' }\n") == 'nothing'
        told("$directive\n\ufeffcontainer('x') { }\n").contains('unexpected character')

        where:
        directive << MODES
    }

    private static final WRONG = '''\
        def box = container('box') { hostname 'a'; hostname 'b' }
        box.start()
        def who = box.exec('id', '-u', timeout: 'soon')
        if (who.exit == 0) {
            container('then') { process { cwd 'src' } }
        } else {
            container('else') { memory 5.MiB }
        }
        box.update { memory 'a lot' }
        box.inside { exec 'ls', usr: 1 }
        box.withRun { c -> c.kill('FOO') }
        who.lines.each { line -> container(line) { process { user uid: -1 } } }
        parallel(
                a: { box.exec('ls', user: 'r/t') },
                b: { container('b') { rootfs host(), readonly: 1 } })
        def web = pod('web') {
            share 'mount'
            container('server') { process { env 'a=b': 'c' } }
        }
        web.start()
        web['server'].waitFor { prt 80 }
        box.onExit { status -> container("after-$status") { rootfs 'x' } }
        for (name in who.lines) {
            step(name) { box.waitFor('long') }
        }
        while (box.status == 'running') {
            box.stop()
            container('again') { mounts { bind '/a' } }
        }
        try {
            box.exec('x').check()
            container('tried') { seccomp { profile 'no' } }
        } catch (Exception e) {
            println e
        }
        container('hooked') { hooks { createRuntime { state -> box.exec('id', user: 'r/t') } } }
        def late(int n) { container("n$n") { resources { pids 0 } } }
        late(box.pid)
        late(1)
        container('last') { hostnam 'x' }
        '''.stripIndent()

    private static final TOLD = '''\
        x.ctr.groovy:2:30: error: container: `hostname` is already set, on line 2
          2 | def box = container('box') { hostname 'a'; hostname 'b' }
            |                              ^^^^^^^^
        x.ctr.groovy:4:42: error: container: `timeout`: `soon` is not a length of time; hint: write `2.s` or '500ms'
          4 | def who = box.exec('id', '-u', timeout: 'soon')
            |                                          ^^^^
        x.ctr.groovy:6:40: error: process: `cwd` must be an absolute path, not `src`
          6 |     container('then') { process { cwd 'src' } }
            |                                        ^^^
        x.ctr.groovy:8:25: error: container: unknown keyword `memory`; hint: it belongs in `resources { }`
          8 |     container('else') { memory 5.MiB }
            |                         ^^^^^^
        x.ctr.groovy:10:22: error: resources: `a lot` is not a size; hint: write `64.MiB` or '64m'
         10 | box.update { memory 'a lot' }
            |                      ^^^^^
        x.ctr.groovy:11:25: error: container: `exec` has no option `usr`; did you mean `user`?
         11 | box.inside { exec 'ls', usr: 1 }
            |                         ^^^
        x.ctr.groovy:12:28: error: container: `kill`: no signal is called `FOO`
         12 | box.withRun { c -> c.kill('FOO') }
            |                            ^^^
        x.ctr.groovy:13:59: error: process: `uid` of `user` must be a whole number from 0 to 4294967295, not `-1`
         13 | who.lines.each { line -> container(line) { process { user uid: -1 } } }
            |                                                           ^^^
        x.ctr.groovy:15:36: error: container: `user` of `exec` must be a name or a number, or 'user:group', not `r/t`
         15 |         a: { box.exec('ls', user: 'r/t') },
            |                                    ^^^
        x.ctr.groovy:16:46: error: container: `readonly` of `rootfs` must be true or false, not `1`
         16 |         b: { container('b') { rootfs host(), readonly: 1 } })
            |                                              ^^^^^^^^
        x.ctr.groovy:18:12: error: pod: `share` knows ipc, network, pid, uts, not `mount`
         18 |     share 'mount'
            |            ^^^^^
        x.ctr.groovy:19:42: error: process: `env` cannot set a variable named `a=b`
         19 |     container('server') { process { env 'a=b': 'c' } }
            |                                          ^^^
        x.ctr.groovy:22:25: error: waitFor: unknown keyword `prt`; did you mean `port`?
         22 | web['server'].waitFor { prt 80 }
            |                         ^^^
        x.ctr.groovy:23:53: error: container: `rootfs` cannot take text; hint: write `rootfs host()`
         23 | box.onExit { status -> container("after-$status") { rootfs 'x' } }
            |                                                     ^^^^^^
        x.ctr.groovy:25:31: error: container: `waitFor`: `long` is not a length of time; hint: write `2.s` or '500ms'
         25 |     step(name) { box.waitFor('long') }
            |                               ^^^^
        x.ctr.groovy:29:35: error: mounts: `bind` cannot take text; hint: write `bind '.', to: '/src', readonly: true`
         29 |     container('again') { mounts { bind '/a' } }
            |                                   ^^^^
        x.ctr.groovy:33:45: error: seccomp: `profile` cannot read `no`; hint: write 'default', 'unconfined' or a file
         33 |     container('tried') { seccomp { profile 'no' } }
            |                                             ^^
        x.ctr.groovy:37:78: error: container: `user` of `exec` must be a name or a number, or 'user:group', not `r/t`
         37 | container('hooked') { hooks { createRuntime { state -> box.exec('id', user: 'r/t') } } }
            |                                                                              ^^^
        x.ctr.groovy:38:55: error: resources: `pids` must be 1 or more, not `0`
         38 | def late(int n) { container("n$n") { resources { pids 0 } } }
            |                                                       ^
        x.ctr.groovy:41:21: error: container: unknown keyword `hostnam`; did you mean `hostname`?
         41 | container('last') { hostnam 'x' }
            |                     ^^^^^^^
        '''.stripIndent().stripTrailing()

    def "nothing is told of what is right: #name"() {
        expect:
        told("$directive\n$text") == 'nothing'

        where:
        [[name, text], directive] << [(new File('../examples').listFiles().findAll { it.name.endsWith('.ctr.groovy') }
            .collect { [it.name, it.text] } +
                [['the design', Scripts.DESIGN]]), MODES].combinations()
    }

    def "what a run would not reach or would do otherwise is no mistake: #what"() {
        expect:
        told("// checked\ndef box = container('box')\n$text") == 'nothing'
        told("// @dynamic\ndef box = container('box')\n$text") == 'nothing'

        where:
        what                         | text
        'an answer that is compared' | "assert box.start().exec('id', '-u').text.trim() == '0'"
        'an answer that is counted with' |
            "int n = box.exec('nproc').text.trim() as int\nfor (int i = 0; i < n; i++) { assert i > 99 }\n" +
                "container('c') { resources { cpus n } }"
        'an answer in a list'        | "List<String> all = []\nall << box.exec('id').text\nassert all[0].trim() == 'x'"
        'a word in both ways'        |
            "container('c') { if (box.exec('x').exit == 0) { hostname 'a' } else { hostname 'b' } }"
        'an end in one way'          |
            "if (box.exec('x').exit != 0) { exit 1 }\nif (box.ps.empty) { throw new Exception('none') }\nprintln 'on'"
        'a loop without end'         | "while (true) { if (box.exec('x').exit == 0) break }\nprintln 'on'"
        'what is caught'             |
            "def text\ntry { text = new File('nope').text } catch (IOException e) { text = '' }\n" +
                "container('c') { annotations a: text }"
        'a value that a closure returns' |
            "def ids = [1, 2].collect { if (it > 1) 'big' else 'small' }\nassert ids == ['small', 'big']\n" +
                "ids.each { id -> container(id) { hostname id } }"
        'typed variables'            |
            "long n = 5\nString s = \"x\$n\"\nList<String> l = [s]\nfinal int m = 2\nint k\nk += m\n" +
                "container(s) { process { args l }; resources { pids n + k } }"
        'several at once'            | "def (a, b) = ['x', 'y']\ncontainer(a) { hostname b }"
        'a count of turns'           |
            "int i = 0\nwhile (i < 3) { container('c' + i) { hostname 'h' + i }; i++ }\nassert i == 3\n" +
                "do { i-- } while (i > 0)\nassert i == 0"
        'a method of its own'        |
            "String size(int n) { if (n > 1) { return 'big' }\n'small' }\nassert size(2) == 'big' && size(1) == 'small'"
        'the value of an unknown choice' |
            "String name() { if (container('n').pid > 1) { 'a' } else { 'b' } }\ncontainer('c') { hostname name() }"
        'the value of unknown cases' |
            "def name = { switch (it) { case 1: 'a'; break; default: 'b' } }\ndef n = name(container('n').pid)\n" +
                "container('c') { hostname n.toString() }"
        'one name in both ways'      |
            "if (box.pid > 1) { container('c') { hostname 'a' } } else { container('c') { hostname 'b' } }"
        'a stop to debug'            | "breakpoint()\ncontainer('c') { hostname 'x' }"
        'a stop to debug in a block' | "parallel { branch('a') { breakpoint() } }\n[1].each { breakpoint() }"
        'a handler'                  |
            "try { box.start() } catch (Exception e) { println e.message; exit 1 }\ncontainer('c') { hostname 'x' }"
        'a choice of cases'          |
            "def os = 'a'\nswitch (os) { case 'a': container('a') { hostname 'a' }; break; " +
                "default: throw new Exception() }"
    }

    def "every way of a choice is tried, once, when nobody knows which is gone: #what"() {
        expect:
        ['// checked', '// @dynamic'].collect { mode ->
            told("$mode\ndef box = container('box')\n$text").readLines().findAll { it.contains('error') }
                *.replaceAll(/.*error: /, '')
        } == [TOO_LITTLE.take(words)] * 2

        where:
        what                            | words | text
        'cases of an answer'            |
            3     | "switch (box.exec('x').exit) {\n case 0: container('a') { resources { cpus 0 } }; break\n" +
                " case 1..9: container('b') { resources { pids 0 } }; break\n" +
                " default: container('c') { resources { cpuShares 1 } } }"
        'cases that fall through'       |
            2     | "switch (box.pid) {\n case 0: container('a') { resources { cpus 0 } }\n case 1: break\n" +
                " case 2: container('b') { resources { pids 0 } } }"
        'a case in a case'              | 2     |
            "switch (box.pid) {\n case 0: switch ('x') {\n case 'x': container('a') { resources { cpus 0 } }; break\n" +
                " case 'y': container('c') { resources { cpuShares 1 } } }\n break\n" +
                " case 1: container('b') { resources { pids 0 } } }"
        'the value of a switch'         | 2     |
            "def n = switch (box.pid) { case 0 -> 'a'; default -> 'b' }\ncontainer(n) {\n resources { cpus 0 } }\n" +
                "container('d') { resources { pids 0 } }"
        'a case that is not known'      |
            2     | "switch ('x') {\n case box.exec('x').text: container('a') { resources { cpus 0 } }; break\n" +
                " default: container('b') { resources { pids 0 } } }"
        'a switch in an unknown way'    |
            1     | "if (box.pid > 3) {\n switch ('x') {\n case 'x': container('a') { resources { cpus 0 } }; break\n" +
                " case 'y': container('b') { resources { pids 0 } } } }"
        'a switch in a loop'            |
            2     | "for (i in [1, 2, 3]) {\n switch (i) { case 1: continue; case 2: " +
                "container('a') { resources { cpus 0 } }; break; default: container('b') {\n resources { pids 0 } } } }"
        'a loop in a case'              | 2     |
            "switch (box.pid) {\n case 1: for (i in [1, 2]) { if (i == 1) { container('a') { resources { cpus 0 } }; " +
                "break }\n }\n container('b') { resources { pids 0 } } }"
        'a handler that is not come to' | 2     |
            "try { box.start() } catch (IllegalStateException e) { container('a') { resources { cpus 0 } } }\n" +
                " catch (Exception e) { println e.message\n container('b') { resources { pids 0 } } }"
        'a handler and what is after'   |
            2     | "try { box.start() } catch (Exception e) { container('a') { resources { cpus 0 } } } finally {\n" +
                " container('b') { resources { pids 0 } } }"
    }

    private static final TOO_LITTLE = [
            'resources: `cpus` must be 0.01 or more, not `0`',
            'resources: `pids` must be 1 or more, not `0`',
            'resources: `cpuShares` must be from 2 to 262144, not `1`',
    ]

    def "a handler is tried only where it may be come to"() {
        expect:
        told("try { throw new IOException('x') } catch (IOException e) { println e.message } catch (Exception e) { " +
            "container('a') { resources { cpus 0 } } }") == 'nothing'
        told("try { throw new IOException('x') } catch (IOException e) { container('a') { hostname e.message } }") ==
            'nothing'
    }

    def "a script that would fail before it does anything to a container fails"() {
        expect:
        told("// @dynamic\nassert 1 == 2\ncontainer('c') { hostnam 'x' }").startsWith('assertion failed')
        told("throw new Exception('x')") == 'x [x.ctr.groovy:1]'
        told("container('c') { hostname 5 }\nthrow new Exception('x')") ==
                Scripts.mistake(1, "container('c') { hostname 5 }", 18, 8,
                "container: `hostname` cannot take a whole number; hint: write `hostname 'box'`")
        told("println param('jobs')") ==
            Scripts.mistake(1, "println param('jobs')", 1, 21, 'parameter `jobs` is not given; hint: add `-P jobs=...`')
        told("container('box').exec('x').check()\nif (container('b').pid > 1) { println param('late', default: 1) }",
            ['late=2']) == 'nothing'
        told("println 1", ['late=2']) == '`-P late`: the script has no such parameter'
    }

    def "mistakes of an included script are told with its own lines"() {
        given:
        Files.writeString(dir.resolve('other.ctr.groovy'), "\ncontainer('o').exec('x', timeout: 'z')\n" +
            "container('p') { hostnam 'p' }\n")

        expect:
        told("container('c') { hostname 5 }\ninclude('other.ctr.groovy')\ncontainer('d') { process { cwd 'd' } }")
                .readLines().findAll { it.contains('error') } == [
                "other.ctr.groovy:2:36: error: container: `timeout`: `z` is not a length of time; " +
                "hint: write `2.s` or '500ms'",
                'other.ctr.groovy:3:18: error: container: unknown keyword `hostnam`; did you mean `hostname`?',
                "x.ctr.groovy:1:18: error: container: `hostname` cannot take a whole number; " +
                "hint: write `hostname 'box'`",
                'x.ctr.groovy:3:33: error: process: `cwd` must be an absolute path, not `d`',
        ]
    }

    def "a check does not do what the script would do to this machine: #statement"() {
        given:
        def text = "def f = new File('$dir/made')\n$statement\ncontainer('c') { hostname 'x' }"

        expect:
        told(text) == 'nothing'
        told("// @dynamic\n${text.replace('hostname', 'hostnam')}").contains('hostnam')
        dir.toFile().list() == [Scripts.NAME] as String[]

        where:
        statement << [
            "f.text = 'x'", "f.setText('x')", "f << 'x'", 'f.mkdirs()', 'f.createNewFile()',
            'new FileWriter(f).close()', "f.withWriter { it.write 'x' }", "['touch', f.path].execute()",
            '"touch $f".execute().waitFor()', "new ProcessBuilder('touch', f.path).start()",
            'java.nio.file.Files.createFile(f.toPath())', 'Thread.sleep(6_000)', 'sleep 6_000', 'System.exit(3)',
            '[f]*.createNewFile()', 'new PrintWriter(f).close()', "Thread.start { f.text = 'x' }"
        ]
    }
}
