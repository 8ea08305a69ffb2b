package dev.gantry.repl

import dev.gantry.text.Secrets
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.Path
import org.jline.terminal.Size
import org.jline.terminal.impl.DumbTerminal
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The prompt without containers: over a dumb terminal, and without one. */
@Timeout(120)
class ReplSpec extends Specification {
    private static final String NO = '''\
        no [line1:1]
          1 | throw new Exception('no')
            | ^^^^^^^^^^^^^^^^^^^^^^^^^
        '''.stripIndent()

    private static final String KEEP = "keep (script)\n  Keeps the script's containers when it ends.\n  keep()\n"
    private static final String SAVE = ':save\n  writes the session as a script that runs\n'

    @TempDir Path dir

    def "without a terminal nothing is shown but what is printed, and the status is that of the last text"() {
        when:
        def outcome = quietly(input)

        then:
        outcome == [status, out, err]

        where:
        input                                  || status | out      | err
        '1 + 1\n'                              || 0      | ''       | ''
        'def x = 1\nprintln x + 1\n'           || 0      | '2\n'    | ''
        'if (true) {\n  println 1\n}\n'        || 0      | '1\n'    | ''
        "throw new Exception('no')\n"          || 1      | ''       | NO
        "throw new Exception('no')\nprintln 1" || 0      | '1\n'    | NO
        'exit 7\nprintln 1\n'                  || 7      | ''       | ''
        ':nosuch\n'                            ||
            1      | ''       | 'no command is called `:nosuch`; `:help` lists them\n'
        ':quit\nprintln 1\n'                   || 0      | ''       | ''
        'quit\nprintln 1\n'                    || 0      | ''       | ''
        'exit\nprintln 1\n'                    || 0      | ''       | ''
        'exit()\nprintln 1\n'                  || 0      | ''       | ''
        'clear\n'                              || 0      | ''       | ''
        'def a = 7\n:list\na\n'                || 0      | 'a: 7\n' | ''
        'def quit = 7\nquit\nprintln quit\n'   || 0      | '7\n'    | ''
        ':doc keep\n'                          || 0      | KEEP     | ''
        'help keep\n'                          || 0      | KEEP     | ''
        ':help :save\n'                        || 0      | SAVE     | ''
        ':help save\n'                         || 0      | SAVE     | ''
        'help :nosuch\n'                       ||
            1      | ''       | 'no command is called `:nosuch`; `:help` lists them\n'
    }

    def "what a colon command prints can be piped: #line"() {
        expect:
        quietly(line + '\n').with { it[0] == 0 && it[1].contains(shown) && it[2] == '' }

        where:
        line                                               || shown
        ':help'                                            || "  :list      lists containers and variables\n"
        'help'                                             || "  :list      lists containers and variables\n"
        '?'                                                || "  :list      lists containers and variables\n"
        ':doctor'                                          || 'ok    kernel '
        "container('x') { rootfs empty() }\n:list"         || 'x          defined'
        "container('x') { rootfs empty() }\n:explain x"    || 'init     '
    }

    def "values are shown by what they are: #text"() {
        expect:
        typed(text).contains(shown)

        where:
        text                                                        || shown
        '1 + 1'                                                     || '2'
        "'a' + 'b'"                                                 || 'ab'
        "[1, 'a']"                                                  || "[1, 'a']"
        "[a: 1]"                                                    || 'a: 1'
        "new int[] {1, 2}"                                          || '[1, 2]'
        "new Object()"                                              || 'an object of class Object'
        "class P { int x = 1; def y = ['z'] }\nnew P()"             || "x: 1\ny: ['z']"
        "class B { String toString() { throw new Exception('tja') } }\n[new B()]" ||
            '[an object of class B, whose toString() fails: java.lang.Exception: tja]'
        "record R(int a, String b) { }\n[new R(1, 'x'), new R(22, null)]" || 'A   B\n1   x\n22\n'
        "container('x') { rootfs empty() }\ncontainers['x'].config.process.user" || 'uid: 0\ngid: 0'
        "container('x') { rootfs empty() }\ncontainers['x'].config" || 'destination: '
        "container('x') { rootfs empty() }"                         || 'x defined'
        "container('x') { hostnam 'y' }"                            || 'did you mean `hostname`?'
        ':help'                                                     || ':explain'
        ':help hostname'                                            || "hostname 'box'"
        ':time 1'                                                   || ' s'
        ':trace'                                                    || 'nothing has failed yet'
        ':list'                                                     || ''
        ':doctor'                                                   || 'kernel'
        ':doc nosuch'                                               || 'no word is called `nosuch`'
        ':doc exec'                                                 || 'options: cwd, env'
        ':explain nosuch'                                           || 'no container of that name is defined'
        ':load nosuch'                                              || 'no such file or directory (ENOENT)'
        '1 / 0'                                                     ||
            'ArithmeticException: Division by zero [line1:1]\n  1 | 1 / 0\n    | ^^^^^'
        'List.of(1).add(2)'                                         || '  1 | List.of(1).add(2)\n    |            ^^^\n'
        'def f(x) {\n  x / 0\n}\nf(1)'                              || '[line2:1]\n  1 | f(1)\n'
        'int f(int n) { f(n + 1) }\nf(1)'                           || 'StackOverflowError'
        "'x' * 100_000"                                             || 'x' * 1000
        '(1..2000).toList()'                                        || ' and 1000 more'
        ':s'                                                        || ':save'
        'throw new Exception("no")\n:trace'                         || 'java.lang.Exception: no'
        'def a = 7\n:list'                                          || 'a: 7'
        "container('y') { rootfs empty() }\n:explain y"             || 'exec'
        ':qu'                                                       || ''
    }

    def "a text goes on over lines until its brackets are closed"() {
        expect:
        typed('def twice(n) {\n  n * 2\n}\ntwice(21)').contains('42')
    }

    def "a file is loaded, and its mistakes are told with its own lines: #text"() {
        given:
        def file = dir.resolve('loaded.ctr.groovy')
        Files.writeString(file, text)

        expect:
        typed(":load $file\nn").contains(shown)

        where:
        text                                                || shown
        "n = 6 * 7\n"                                       || '42'
        "def m = 1\nn = m + 4\nn + 1\n"                     || '6\n'
        "n = 1\n\nthrow new Exception('no')\n"              || "loaded.ctr.groovy:3]\n  3 | throw new Exception('no')\n"
        "n = 1\nn = (\n"                                    || 'loaded.ctr.groovy:2:'
        "n = new File('.')\ncontainer('a') { hostnam 'b' }" ||
            'loaded.ctr.groovy:2:18: error: container: unknown keyword `hostnam`; did you mean `hostname`?'
    }

    def "the session is saved as a script"() {
        given:
        def file = dir.resolve('saved.ctr.groovy')

        when:
        typed("def x = 1\ndef x = 2\n:save $file")

        then:
        Files.readString(file) == '// @dynamic\ndef x = 1\nx = 2\n'
    }

    def "what is saved is checked before it is called saved"() {
        given:
        def file = dir.resolve('saved.ctr.groovy')

        expect:
        typed("container('box') { }\nprintln containers.keySet()\n:save $file")
            .contains("saved; run it by: gantry $file")
        typed("class A { }\nclass A { int n }\n:save $file").replaceAll(/\s+/, ' ')
            .contains("saved, but it does not run as a script: $file:3:1: error: invalid duplicate class definition")
    }

    def "the doctor says something about the kernel and everything else"() {
        expect:
        new Doctor().report().readLines()*.substring(6)*.split(' ')*.first()
            .containsAll(['kernel', 'cgroups', 'user', 'overlayfs', 'seccomp', 'criu'])
    }

    def "words are coloured where they mean something: #text"() {
        given:
        def coloured = new GroovyHighlighter(new BlockWords()).highlight(null, text)

        expect:
        (0..<text.length()).findAll { coloured.styleAt(it).toString() == word.toString() }.collect { text[it] }
            .join('') == found

        where:
        text                                                                      || found
        "container('a') { hostname 'b' }"                                         || 'containerhostname'
        "hostname 'b'"                                                            || ''
        "container('a') { args 'b'; process { args 'c' }; args 'd' }"             || 'containerprocessargs'
        "container('a') { process {\n capabilities { add 'KILL' } } }\ncontainer" ||
            'containerprocesscapabilitiesaddcontainer'
        "box.container; x.include"                                                || ''
        "// container\n'container'"                                               || ''
        word = org.jline.utils.AttributedStyle.DEFAULT.foreground(org.jline.utils.AttributedStyle.BLUE).bold()
    }

    def "what others wrote reaches the terminal as text, but for colours: #line"() {
        expect:
        typed(line).readLines()*.replace('\u001b[?2004l', '').contains(shown)

        where:
        line                                             || shown
        "'a\\u001b[2Jb\\u009bc\\u202ed\\u0007'"          || 'a\\u001b[2Jb\\u009bc\\u202ed\\u0007'
        "'a\\u001b[31mred'"                              || 'a\u001b[31mred\u001b[0m'
        "'a\\u001b[8mhidden'"                            || 'a\\u001b[8mhidden'
        "'a\\u001b[31;8mhidden'"                         || 'a\\u001b[31;8mhidden'
        "['a\\u001b[2J', 1]"                             || "['a\\u001b[2J', 1]"
        "[k: 'a\\u001b[2J']"                             || "k: 'a\\u001b[2J'"
        "throw new Exception('a\\u001b[31mred')"         || 'a\\u001b[31mred [line1:1]'
        "println 'a\\u001b[2Jb'"                         || 'a\u001b[2Jb' // the text's own
    }

    def "a secret is not shown at the prompt, nor kept in its history"() {
        when:
        def shown = typed("def t = secret('hunter2')\nt\nprintln t\nthrow new Exception(t)\n:list")

        then:
        !shown.readLines().any { it.contains('hunter2') && !it.contains("secret('hunter2')") } // its typing is echoed
        shown.readLines()*.replace('\u001b[?2004l', '').containsAll(['***', '*** [line4:1]'])
        !Path.of(System.getenv('XDG_STATE_HOME'), 'gantry', 'history').toFile().text.contains('hunter2')
    }

    private List quietly(String input) {
        def out = new ByteArrayOutputStream()
        def err = new ByteArrayOutputStream()
        def status = repl().runQuietly([], new BufferedReader(new StringReader(input)), print(out), print(err))
        [status, out.toString(), err.toString()]
    }

    private String typed(String text) {
        def out = new ByteArrayOutputStream()
        def terminal = new DumbTerminal('test', 'ansi', new ByteArrayInputStream((text + '\n').bytes), out,
            StandardCharsets.UTF_8)
        terminal.size = new Size(160, 50)
        repl().run([], terminal, false)
        terminal.close()
        out.toString()
    }

    private Repl repl() {
        new Repl({ throw new IllegalStateException('no container is made here') }, dir, new Secrets())
    }

    private static PrintStream print(OutputStream to) {
        new PrintStream(to, true, StandardCharsets.UTF_8)
    }
}
