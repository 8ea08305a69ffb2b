package dev.gantry.spec

import static dev.gantry.spec.support.Programs.isInFront

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.TmuxTerminal
import dev.gantry.spock.RequiresKernel
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** A shell in a container, typed at by somebody who sits at a real terminal: that of tmux. */
@RequiresKernel(programs = ['tmux', 'busybox:busybox-static'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class InteractiveKernelSpec extends Specification {
    @Shared @TempDir Path dir
    @Delegate private final TmuxTerminal terminal = new TmuxTerminal('run')

    def setupSpec() {
        Busybox.rootfs(dir.resolve('rootfs'))
        assert command(GantryCommand.LAUNCHER.toString(), 'spec', '-b', dir.toString()) == ''
        def json = new ObjectMapper()
        def file = dir.resolve('config.json').toFile()
        def config = json.readValue(file, Map)
        config.process.args = ['sh']
        config.process.env += ['PS1=in> ', 'TERM=dumb']
        config.root.readonly = false
        json.writeValue(file, config)
    }

    def cleanup() {
        terminal.close()
        command(GantryCommand.LAUNCHER.toString(), '--root', "$dir/state".toString(), 'delete', '-f', 'box')
    }

    def "job control, Ctrl-C, Ctrl-Z, a window that changes its size, and the exit status"() {
        when: 'a shell is started'
        open("${GantryCommand.LAUNCHER} --root $dir/state run -b $dir box")

        then:
        shows('in>')

        when: 'its terminal is looked at'
        type('tty; stty size')

        then:
        shows('/dev/pts/0\n24 80\n')

        when: 'the window becomes another size'
        resize(77, 33)
        type('until stty size | grep -q "^33 7"; do sleep 0.1; done; stty size')

        then:
        shows('33 77')

        when: 'a program is interrupted'
        type('sleep 1000; echo after-$?')
        isInFront('sleep 1000')
        press('C-c')
        type('echo alive')

        then:
        shows('alive\n')
        !screen().contains('after-0')

        when: 'a program is stopped, goes on behind, and is fetched to the front'
        type('sleep 1001')
        isInFront('sleep 1001')
        press('C-z')

        then:
        shows('Stopped')

        when:
        type('bg; jobs')

        then:
        shows('Running')

        when:
        type('fg')
        isInFront('sleep 1001')
        press('C-c')
        type('jobs; echo none-left')

        then:
        shows('none-left\n')

        when: 'keys are keys'
        type('cat')
        type('echoed')
        shows { it.count('echoed') == 2 }
        press('C-d')

        then:
        screen().count('echoed') == 2

        when: 'the shell is left'
        type('exit 7')

        then:
        shows('status 7')
    }

    def "exec with a terminal in a container that runs, whose end is noticed"() {
        given:
        command(GantryCommand.LAUNCHER.toString(), '--root', "$dir/state".toString(), 'delete', '-f', 'box')
        open("${GantryCommand.LAUNCHER} --root $dir/state run -b $dir box")
        assert shows('in>')

        when: 'another window'
        openWindow("${GantryCommand.LAUNCHER} --root $dir/state exec -t box sh")

        then:
        shows('in>')

        when:
        type('tty; id -u')

        then:
        shows('/dev/pts/1\n0\n')

        when:
        type('kill -9 1; exit 3')

        then:
        shows('status 3')
    }

    def "the quit key at a command whose program has no terminal is a signal for it, and shows nothing of the JVM"() {
        given:
        def file = dir.resolve('config.json').toFile()
        def before = file.text
        def config = new ObjectMapper().readValue(before, Map)
        config.process.terminal = false
        config.process.args = ['sh', '-c', 'trap "echo got it; exit 3" QUIT; echo up; while :; do sleep 0.1; done']
        new ObjectMapper().writeValue(file, config)

        when:
        open("trap : QUIT; ${GantryCommand.LAUNCHER} --root $dir/state run -b $dir box")
        shows('up\n')
        press('C-\\')

        then:
        shows('status 3')
        screen().readLines()*.trim().findAll() == ['up', '^\\got it', 'status 3']

        cleanup:
        file.text = before
    }

    private static String command(String... command) {
        new Command(command.toList()).merged().run().out
    }
}
