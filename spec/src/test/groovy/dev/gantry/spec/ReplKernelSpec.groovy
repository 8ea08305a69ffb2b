package dev.gantry.spec

import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HostSnapshot
import dev.gantry.spec.support.TmuxTerminal
import dev.gantry.spock.RequiresKernel
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The prompt with real containers, at a real terminal. */
@RequiresKernel(programs = ['tmux'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ReplKernelSpec extends Specification {
    private static final String PROMPT = 'gantry>'

    @TempDir Path dir
    private final TmuxTerminal terminal = new TmuxTerminal('repl', 140, 40)
    private HostSnapshot before

    def setup() {
        before = HostSnapshot.take(dir.resolve('state'))
        terminal.open("cd $dir && XDG_STATE_HOME=$dir/home EDITOR=$dir/edit ${GantryCommand.LAUNCHER} --root $dir/state repl")
        terminal.shows(PROMPT)
    }

    def cleanup() {
        terminal.close()
        def deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10)
        while (left() != [] && System.nanoTime() < deadline) {
            sleep(100) // for a session whose terminal was taken away
        }
        assert left() == []
    }

    private List left() {
        def after = HostSnapshot.take(dir.resolve('state'))
        (after.mounts - before.mounts) + (after.cgroups - before.cgroups) + (after.processes - before.processes) as List
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
        sleep(300)
        terminal.type('stty size')

        then:
        terminal.shows('35 90\nin>')

        when: 'Ctrl-C is for the program in the container'
        terminal.type('sleep 1000')
        sleep(300)
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
        terminal.type('(1..Integer.MAX_VALUE).sum()')
        sleep(700)
        terminal.press('C-c', 'C-c', 'C-c')

        then:
        terminal.shows('given up; it does not listen, and goes on until it ends by itself\ngantry>')
        says("box = container('box') { hostname 'x' }", 'container `box`: there is one already [line4:1]; hint: delete it before you define it again')
        says('box.status', 'running')
        says('box.fs', 'bin\n')
        says('box.config.mounts.take(1)', 'DESTINATION  TYPE  SOURCE\n/proc        proc  proc\n')
        leaves()
    }

    def "a first process with a terminal is gone to, and what it wrote meanwhile is not lost"() {
        given:
        says("box = container('box') { process { args 'sh', '-c', 'echo early; read x; echo got \$x; sleep 1000'; terminal true } }", 'box defined')
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
        terminal.type(text)
        sleep(700)
        terminal.press('C-c')

        then:
        terminal.shows('interrupted\ngantry>')
        says('box.status', 'running')
        says('box.ps.size()', '1')
        leaves()

        where:
        text << ["box.exec('sleep', '100')", 'box.waitFor()', 'while (true) { }', 'sleep 100_000', 'waitFor { false }']
    }

    def "what happens to a container is told above the line that is being typed"() {
        given:
        says("box = container('box') { process { args 'sh', '-c', 'sleep 3; echo written; sleep 1; exit 4' } }", 'box defined')
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
        terminal.press('Tab') // what is not known at once is known at the next
        sleep(500)
        terminal.press('Tab')
        terminal.shows("box.fs['/etc/hostname")
        terminal.press('C-u')
        terminal.write("box.cgroup['pids.ma")
        terminal.press('Tab')
        sleep(500)
        terminal.press('Tab')

        then:
        terminal.shows("box.cgroup['pids.max")

        when:
        terminal.press('C-u')
        terminal.write('box.exec')
        terminal.press('Tab', 'Tab')

        then:
        terminal.shows("box.exec('id', '-u').text")

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
        terminal.shows { it =~ /memory +[\d.]+ KiB +64 MiB +\[-+] +\d %\ncpu +[\d.]+ s +\d CPUs +\[-+] +\d %\npids +1 +10 +\[##-+] +10 %/ }
        terminal.screen().count('\npids ') == 1

        when:
        terminal.press('C-c')

        then:
        says('1 + 1', '2')
        leaves()
    }

    private boolean says(String line, String answer) {
        terminal.type(line)
        terminal.shows { screen -> screen.split(PROMPT).any { it.contains(line) && it.contains('\n' + answer) } && screen.trim().endsWith(PROMPT) }
    }

    private boolean leaves() {
        terminal.press('C-d')
        terminal.shows('status 0')
    }
}
