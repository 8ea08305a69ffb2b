package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.eventually
import static dev.gantry.spec.support.Programs.isInFront
import static dev.gantry.spec.support.Programs.runs

import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spec.support.TmuxTerminal
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The prompt with real containers, at a real terminal. */
@RequiresKernel(programs = ['tmux'])
@LeavesNoTrace(value = { dir.resolve('state') }, seconds = 10)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ReplKernelSpec extends Specification {
    private static final String PROMPT = 'gantry>'

    @TempDir Path dir
    private final TmuxTerminal terminal = new TmuxTerminal('repl', 140, 40)

    def setup() {
        terminal.open(
            "cd $dir && XDG_STATE_HOME=$dir/home EDITOR=$dir/edit ${GantryCommand.LAUNCHER} --root $dir/state repl"
        )
        terminal.shows(PROMPT)
    }

    def cleanup() {
        terminal.close() // takes the terminal away from a session that a failed feature has left, which takes its time
    }

    def "a shell in a container is left, returned to and ended, and the prompt is as it was"() {
        given:
        says("box = container('box') { }", 'box defined')
        says('box.start()', 'box running')

        when:
        terminal.type("box.shell('sh')")
        terminal.shows('#')
        terminal.type('PS1="in> "; tty; stty size; echo $TERM')

        then:
        terminal.shows('/dev/pts/0\n40 140\ntmux-256color\nin>')

        when: 'the window becomes another size'
        terminal.resize(90, 35)
        terminal.type('until stty size | grep -q "^35 9"; do sleep 0.1; done; stty size')

        then:
        terminal.shows('35 90\nin>')

        when: 'Ctrl-C is for the program in the container'
        terminal.type('sleep 1000')
        isInFront('sleep 1000')
        terminal.press('C-c')
        terminal.type('echo alive')

        then:
        terminal.shows('alive\nin>')

        when: 'Ctrl-P is a key like others until Ctrl-Q follows'
        terminal.press('C-p')
        terminal.write('x')
        terminal.press('C-u', 'C-p', 'C-q')

        then:
        terminal.shows('left; `attach box` returns')

        and:
        says('1 + 1', '2')

        when:
        terminal.type('attach box')
        terminal.isRaw()
        terminal.type('echo still $PS1')

        then:
        terminal.shows('still in>')

        when:
        terminal.type('exit')

        then:
        says('attach box', 'attach `box`: none of its processes has a terminal')
        says('40 + 2', '42')
        leaves()
    }

    def "who comes back to a program that draws its screen finds it drawn"() {
        given:
        says("box = container('box') { }", 'box defined')
        says('box.start()', 'box running')

        when:
        terminal.type("box.shell('bash', '--norc')")
        terminal.shows('bash-')
        terminal.type('PS1="here> "')
        terminal.shows('\nhere>')
        terminal.press('C-p', 'C-q')
        terminal.shows('left; `attach box` returns')
        terminal.type('attach box')

        then:
        terminal.shows { it.trim().endsWith('here>') }

        when:
        terminal.type('exit')

        then:
        says('1 + 1', '2')
        leaves()
    }

    def "the third Ctrl-C gives up what does not listen, and a container that lives is not lost to a new definition"() {
        given:
        says("box = container('box') { }", 'box defined')
        says('box.start()', 'box running')

        when:
        begins('(1..Integer.MAX_VALUE).sum()')
        3.times { n ->
            terminal.press('C-c')
            terminal.shows { it.count('^C') > n } // of signals that come at once the kernel keeps one
        }

        then:
        terminal.shows('given up; it does not listen, and goes on until it ends by itself\ngantry>')
        says("box = container('box') { hostname 'x' }",
            'container `box`: there is one already [line4:1]; hint: delete it before you define it again')
        says('box.status', 'running')
        says('box.fs', 'bin\n')
        says('box.config.mounts.take(1)', 'DESTINATION  TYPE  SOURCE\n/proc        proc  proc\n')
        leaves()
    }

    def "a first process with a terminal is gone to, and what it wrote meanwhile is not lost"() {
        given:
        says("box = container('box') { process { args 'sh', '-c', 'echo early; read x; echo got \$x; sleep 1000'; " +
            "terminal true } }", 'box defined')
        says('box.start()', 'box running')

        when:
        terminal.type('attach box')

        then:
        terminal.shows('early\n')

        when:
        terminal.type('word')
        terminal.shows('got word')
        terminal.press('C-p', 'C-q')

        then:
        terminal.shows('left;')
        leaves()
    }

    def "Ctrl-C ends what is evaluated and nothing else: #text"() {
        given:
        says("box = container('box') { }", 'box defined')
        says('box.start()', 'box running')

        when:
        begins(text)
        if (program) {
            runs(program)
        }
        terminal.press('C-c')

        then:
        terminal.shows('interrupted\ngantry>')
        says('box.status', 'running')
        says('box.ps.size()', '1')
        leaves()

        where:
        text                       | program
        "box.exec('sleep', '1234')" | 'sleep 1234'
        'box.waitFor()'            | null
        'while (true) { }'         | null
        'sleep 100_000'            | null
        'waitFor { false }'        | null
    }

    def "what happens to a container is told above the line that is being typed"() {
        given:
        says("box = container('box') { process { args 'sh', '-c', 'sleep 3; echo written; sleep 1; exit 4' } }",
            'box defined')
        says('box.start()', 'box running')

        when:
        terminal.write('1 + 41')

        then:
        terminal.shows { it.contains('written\nbox ended with status 4\ngantry> 1 + 41') }

        when:
        terminal.press('Enter')

        then:
        terminal.shows('\n42\n')

        when: 'the end is asked for'
        says('box.delete()', '')
        says("box = container('box') { resources { memory 16.MiB } }", 'box defined')
        says('box.start()', 'box running')
        terminal.type("box.exec('tail', '/dev/zero').exit")

        then:
        terminal.shows('box ran out of memory')
        says('box.stop()', '143')
        !terminal.screen().contains('box ended with status 143')
        leaves()
    }

    def "Tab knows what is in a container, and after a whole word what it is for"() {
        given:
        says("box = container('box') { }", 'box defined')
        says('box.start()', 'box running')

        when: 'a path in the container, then a control file'
        terminal.write("box.fs['/etc/hostna")
        terminal.showsAtLast('Tab', "box.fs['/etc/hostname") // what is not known at once is known at the next
        terminal.press('C-u')
        terminal.write("box.cgroup['pids.ma")

        then:
        terminal.showsAtLast('Tab', "box.cgroup['pids.max")

        when:
        terminal.press('C-u')
        terminal.write('box.exec')

        then:
        terminal.showsAtLast('Tab', "box.exec('id', '-u').text")

        when:
        terminal.press('C-u')

        then:
        leaves()
    }

    def "a text is edited elsewhere, and typed ahead, and neither is lost"() {
        given:
        new File(dir.toFile(), 'edit').text = '#!/bin/sh\necho "21 * 2" >"\$1"\n'
        new File(dir.toFile(), 'edit').executable = true

        expect:
        says(':edit', '21 * 2\n42')

        when:
        terminal.type('sleep 1000')
        terminal.type("'typed' + ' ahead'")

        then:
        terminal.shows('\ntyped ahead\ngantry>')
        leaves()
    }

    def "a watched value stays in its place, and Ctrl-C goes back to the prompt"() {
        given:
        says("box = container('box') { resources { memory 64.MiB; pids 10 } }", 'box defined')
        says('box.start()', 'box running')

        when:
        terminal.type('watch { box.stats }')

        then:
        terminal.shows {
            it =~ /memory +[\d.]+ KiB +64 MiB +\[-+] +\d %\ncpu +[\d.]+ s +\d CPUs +\[-+] +\d %\n/ +
                /pids +1 +10 +\[##-+] +10 %/
        }
        terminal.screen().count('\npids ') == 1

        when:
        terminal.press('C-c')

        then:
        says('1 + 1', '2')
        leaves()
    }

    def "tables and bars fit the screen, `q` leaves what is watched, and words of other prompts do what is meant"() {
        given:
        says("box = container('box') { resources { memory 64.MiB; pids 10 } }", 'box defined')
        says('box.start()', 'box running')

        expect:
        [200, 80, 40].every { columns ->
            terminal.resize(columns, 40)
            terminal.type('clear')
            terminal.shows { it.trim() == PROMPT }
            terminal.type('box.ps()')
            terminal.shows {
                it =~ /PID +INSIDE +UID +STATE +MEMORY +COMMAND\n\d+ +1 +0 +sleep[a-z]*~? +\d+ KiB +g[-a-z]+~?/
            }
            terminal.type('watch { box.stats }')
            def bar = columns < 56 ? 4 : 20
            terminal.shows {
                it =~ /memory +[\d.]+ KiB +64 MiB +\[-{$bar}] +\d %\ncpu +[\d.]+ s +\d CPUs +\[-{$bar}] +\d %\n/ +
                    /pids +1 +10 +\[#*-+] +10 %/
            }
            terminal.press('q')
            terminal.shows { it.trim().endsWith(PROMPT) }
        }

        and:
        terminal.resize(140, 40)
        says('help :save', ':save')
        says('1 + 1', '2')
        terminal.type('exit')
        terminal.shows('status 0')
    }

    private boolean says(String line, String answer) {
        terminal.shows { it.trim().endsWith(PROMPT) }
        terminal.type(line)
        terminal.shows { screen -> screen.split(PROMPT).any {
            it.contains(line) && it.contains('\n' + answer)
        } && screen.trim().endsWith(PROMPT) }
    }

    /** Types a text and waits until it is evaluated: what is printed is shown at the end only. */
    private void begins(String text) {
        terminal.type("new File('begun').text = ''; $text")
        eventually { Files.exists(dir.resolve('begun')) }
    }

    private boolean leaves() {
        terminal.shows { it.trim().endsWith(PROMPT) }
        terminal.press('C-d')
        terminal.shows('status 0')
    }
}
