package dev.gantry.repl

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
    @TempDir Path dir

    def "without a terminal nothing is shown but what is printed, and the status is that of the last text"() {
        when:
        def outcome = quietly(input)

        then:
        outcome == [status, out, err]

        where:
        input                                  || status | out     | err
        '1 + 1\n'                              || 0      | ''      | ''
        'def x = 1\nprintln x + 1\n'           || 0      | '2\n'   | ''
        'if (true) {\n  println 1\n}\n'        || 0      | '1\n'   | ''
        "throw new Exception('no')\n"          || 1      | ''      | 'no [line1:1]\n'
        "throw new Exception('no')\nprintln 1" || 0      | '1\n'   | 'no [line1:1]\n'
        'exit 7\nprintln 1\n'                  || 7      | ''      | ''
        ':nosuch\n'                            || 1      | ''      | 'no command is called `:nosuch`; `:help` lists them\n'
        ':quit\nprintln 1\n'                   || 0      | ''      | ''
    }

    def "values are shown by what they are: #text"() {
        expect:
        typed(text).contains(shown)

        where:
        text                                || shown
        '1 + 1'                             || '2'
        "'a' + 'b'"                         || 'ab'
        "[1, 'a']"                          || "[1, 'a']"
        "[a: 1]"                            || 'a: 1'
        "container('x') { rootfs empty() }" || 'x defined'
        "container('x') { hostnam 'y' }"    || 'did you mean `hostname`?'
        ':help'                             || ':explain'
        ':help hostname'                    || "hostname 'box'"
        ':time 1'                           || ' s'
        ':trace'                            || 'nothing has failed yet'
        ':list'                             || ''
        ':doctor'                           || 'kernel'
        ':doc nosuch'                       || 'no word is called `nosuch`'
        ':doc exec'                         || 'options: cwd, env'
        ':explain nosuch'                   || 'no container of that name is defined'
        ':load nosuch'                      || 'load `nosuch`: it cannot be read'
        ':s'                                || ':save'
        'throw new Exception("no")\n:trace'  || 'java.lang.Exception: no'
        'def a = 7\n:list'                   || 'a: 7'
        "container('y') { rootfs empty() }\n:explain y" || 'exec'
        ':qu'                               || ''
    }

    def "a text goes on over lines until its brackets are closed"() {
        expect:
        typed('def twice(n) {\n  n * 2\n}\ntwice(21)').contains('42')
    }

    def "the session is saved as a script"() {
        given:
        def file = dir.resolve('saved.ctr.groovy')

        when:
        typed("def x = 1\ndef x = 2\n:save $file")

        then:
        Files.readString(file) == '// @dynamic\ndef x = 1\nx = 2\n'
    }

    def "the doctor says something about the kernel and everything else"() {
        expect:
        new Doctor().report().readLines()*.substring(6)*.split(' ')*.first().containsAll(['kernel', 'cgroups', 'user', 'overlayfs', 'seccomp', 'criu'])
    }

    def "proposed for `#text`: #wanted"() {
        given:
        def script = new dev.gantry.dsl.InteractiveScript({ null }, System.out, dir)
        script.evaluate("def box = container('box') { rootfs empty() }")
        def found = []
        def prefetch = new Prefetch()
        def line = new LineParser().parse(text, text.length(), org.jline.reader.Parser.ParseContext.COMPLETE)

        when:
        new KeywordCompleter(script, prefetch).complete(null, line, found)

        then:
        found*.value().containsAll(wanted)
        found.size() <= 100

        cleanup:
        prefetch.close()
        script.close()

        where:
        text                                         || wanted
        'cont'                                       || ['container']
        'bo'                                         || ['box']
        "container('x') { host"                      || ['hostname']
        "container('x') { process { "                || ['args', 'env', 'cwd', 'capabilities']
        'box.st'                                     || ['start', 'status', 'state']
        'box.config.ho'                              || ['hostname']
        "box.kill('TE"                               || ['TERM']
        "container('x') { process { capabilities { add 'NET_" || ['NET_ADMIN', 'NET_RAW']
        ':ex'                                        || ['explain']
        "container('x') { seccomp { allow 'open"     || ['open', 'openat', 'openat2']
        "container('x') { namespaces { pid 'h"       || ['host']
        "box.exec('ls', cw"                          || ['cwd:']
        "attach 'b"                                  || ['box']
        "containers['b"                              || ['box']
        ':load /et'                                  || ['/etc/']
        ':help hostn'                                || []
        "dir('/et"                                   || ['/etc/']
    }

    private List quietly(String input) {
        def out = new ByteArrayOutputStream()
        def err = new ByteArrayOutputStream()
        def status = repl().runQuietly([], new BufferedReader(new StringReader(input)), print(out), print(err))
        [status, out.toString(), err.toString()]
    }

    private String typed(String text) {
        def out = new ByteArrayOutputStream()
        def terminal = new DumbTerminal('test', 'ansi', new ByteArrayInputStream((text + '\n').bytes), out, StandardCharsets.UTF_8)
        terminal.size = new Size(160, 50)
        repl().run([], terminal, false)
        terminal.close()
        out.toString()
    }

    private Repl repl() {
        new Repl({ throw new IllegalStateException('no container is made here') }, dir)
    }

    private static PrintStream print(OutputStream to) {
        new PrintStream(to, true, StandardCharsets.UTF_8)
    }
}
