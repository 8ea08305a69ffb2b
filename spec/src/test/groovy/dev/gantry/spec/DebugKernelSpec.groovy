package dev.gantry.spec

import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.TmuxTerminal
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** From a script into the prompt: where it says so, and where it fails. */
@RequiresKernel(programs = ['tmux'])
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DebugKernelSpec extends Specification {
    private static final String SCRIPT = '''\
        def box = container('box') { }
        int n = 41
        box.start()
        int twice(int x) { x * 2 }
        for (int i = 0; i < 1; i++) { }
        [7].each { seven ->
            String inner = 'in'
            breakpoint()
        }
        println "n is $n"
        def r = box.exec('sh', '-c', 'echo bad >&2; exit 5')
        r.check()
        '''.stripIndent()

    @TempDir Path dir
    private final TmuxTerminal terminal = new TmuxTerminal('debug', 120, 40)

    def setup() {
        Files.writeString(dir.resolve('x.ctr.groovy'), SCRIPT)
    }

    def cleanup() {
        terminal.close()
        new GantryCommand(dir.resolve('state'), dir).run('sweep') // what a failed feature has left
    }

    private void open(String... options) {
        terminal.open("cd $dir && XDG_STATE_HOME=$dir/home XDG_CACHE_HOME=$dir/cache ${GantryCommand.LAUNCHER} " +
            "--root $dir/state ${options.join(' ')} x.ctr.groovy")
        terminal.shows('stopped at x.ctr.groovy:8; Ctrl-D goes on, `exit 1` ends the script\ngantry>')
    }

    private boolean says(String line, String answer) {
        terminal.type(line)
        terminal.shows("$line\n$answer\ngantry>")
    }

    def "a breakpoint opens the prompt with the variables in sight, functions and containers, and Ctrl-D goes on"() {
        given:
        open()

        expect:
        says('n + seven + inner.size()', '50')
        says('twice(21)', '42')
        says("box.exec('hostname').text", 'box')
        says('n = 1', '1')

        when:
        terminal.press('C-d')

        then: 'the script has its own variables still, and fails as always'
        terminal.shows('n is 41\n')
        terminal.shows('gantry: exec `sh -c echo bad >&2; exit 5`: exit status 5 [x.ctr.groovy:12]\n  bad\nstatus 5')
        dir.resolve('state').toFile().list().toList() == []
    }

    def "exit at a breakpoint ends the script"() {
        given:
        open()

        when:
        terminal.type('exit 3')

        then:
        terminal.shows('\nstatus 3')
        !terminal.screen().contains('n is')
        dir.resolve('state').toFile().list().toList() == []
    }

    def "#words opens the prompt where the script fails, its containers alive"() {
        given:
        open(words)
        terminal.press('C-d')

        expect:
        terminal.shows('exit status 5 [x.ctr.groovy:12]\n 12 | r.check()\n    |   ^^^^^\n  bad\n' +
            'its containers live until Ctrl-D\ngantry>')
        says('r.exit', '5')
        says('n + 1', '42')
        says('box.status', 'running')

        when:
        terminal.press('C-d')

        then:
        terminal.shows('\nstatus 5')
        dir.resolve('state').toFile().list().toList() == []

        where:
        words << ['--debug-on-failure', 'run --debug-on-failure']
    }

    def "prompts of branches open one after the other, and one opens where an included script fails"() {
        given:
        Files.writeString(dir.resolve('branches.ctr.groovy'), '''\
            parallel(
                a: { int inA = 1; breakpoint() },
                b: { int inB = 2; breakpoint() })
            def outer = 3
            include 'part.ctr.groovy'
            '''.stripIndent())
        Files.writeString(dir.resolve('part.ctr.groovy'), "def inner = 4\ncontainer('box') { }.start()\n" +
            "throw new Exception('no')\n")

        when:
        terminal.open("cd $dir && XDG_STATE_HOME=$dir/home XDG_CACHE_HOME=$dir/cache ${GantryCommand.LAUNCHER} " +
            "--root $dir/state --debug-on-failure branches.ctr.groovy")

        then:
        terminal.shows('gantry>')
        says('1 + 6', '7')

        when:
        terminal.press('C-d')

        then:
        terminal.shows { it.count('stopped at branches') == 2 && it.trim().endsWith('gantry>') }

        when:
        terminal.press('C-d')

        then:
        terminal.shows('part.ctr.groovy:3]\n  3 | throw new Exception(\'no\')\n    | ^^^^^^^^^^^^^^^^^^^^^^^^^\n' +
            'its containers live until Ctrl-D\ngantry>')
        says('inner', '4')
        says("containers['box'].status", 'running')

        when:
        terminal.press('C-d')

        then: 'the including script is not stopped once more'
        terminal.shows('\nstatus 1')
        dir.resolve('state').toFile().list().toList() == []
    }

    def "without a terminal the script goes on, and says so"() {
        when:
        def outcome = new GantryCommand(dir.resolve('state'), dir).run('run', '--debug-on-failure', 'x.ctr.groovy')

        then:
        outcome.exit == 5
        outcome.out == 'n is 41\n'
        outcome.err.readLines() == [
            'gantry: warning: --debug-on-failure: there is no terminal to open a prompt at',
            'gantry: warning: breakpoint() at x.ctr.groovy:8: there is no terminal to open a prompt at',
            'gantry: exec `sh -c echo bad >&2; exit 5`: exit status 5 [x.ctr.groovy:12]',
            '  bad',
        ]
    }
}
