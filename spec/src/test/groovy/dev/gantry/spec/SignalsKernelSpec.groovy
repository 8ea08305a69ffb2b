package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import spock.util.concurrent.PollingConditions

/** Signals to a command that stays in the foreground. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class SignalsKernelSpec extends CommandLineSpecification {
    def "#signal to a foreground `#command` reaches the program, and the JVM adds nothing to what that writes"() {
        given:
        def script = "trap 'echo got it; exit 3' $signal; echo ready; while :; do sleep 0.1; done".toString()
        gantry.run('spec')
        edit { it.process.args = command == 'run' ? ['sh', '-c', script] : ['sleep', '100'] }
        if (command == 'exec') {
            assert gantry.run('run', '-d', 'c').exit == 0
        }
        def args = command == 'run' ? ['run', 'c'] : ['exec', 'c', 'sh', '-c', script]
        def process = new Command('env', '--default-signal', GantryCommand.LAUNCHER, gantry.globals, args).at(bundle)
            .start()
        def output = process.inputStream.newReader()
        assert output.readLine() == 'ready'

        when:
        Command.ok('kill', "-$signal", process.pid()) // destroy() would close the streams too

        then:
        output.readLine() == 'got it'
        output.readLine() == null
        process.errorStream.text == ''
        process.waitFor() == 3

        where:
        [signal, command] << [['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2'], ['run', 'exec']].combinations()
    }

    def "a second signal ends a `#command` that waits for a hook, and nothing is left but what the hook is"() {
        given:
        gantry.run('spec')
        def log = bundle.resolve('hook-pid').toFile()
        edit { it.hooks = [
            prestart: [[path: '/bin/sh', args: ['sh', '-c', "echo \$\$ >$log; exec sleep 1000".toString()]]]
        ] }
        def process = new Command('env', '--default-signal', GantryCommand.LAUNCHER, gantry.globals,
            command.split(' ').toList(), 'c').at(bundle).start()
        new PollingConditions(timeout: 20).eventually { assert log.file && log.text }

        when:
        ['TERM', 'HUP'].each { new Command('kill', "-$it", process.pid()).run() }

        then:
        process.waitFor() in [129, 143]
        gantry.run('delete', '--force', 'c').err == ''
        gantry.run('state', 'c').exit == 1

        cleanup:
        new Command('kill', '-KILL', log.text.trim()).run()
        log.delete()

        where:
        command << ['run', 'run -d']
    }

    def "QUIT comes as often as it is sent, and ends a program that takes no care of it"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        assert gantry.run('run', '-d', 'c').exit == 0
        def counting = 'n=0; trap "n=\\$((n + 1))" QUIT; echo 0; for i in 1 2 3; do while [ $n != $i ]; ' +
            'do sleep 0.1; done; echo $n; done'

        expect:
        quitAtEachLine('sh', '-c', counting) == [['0', '1', '2', '3'], 0]
        quitAtEachLine('sh', '-c', 'echo up; exec sleep 100') == [['up'], 131]
    }

    /** Sends QUIT to an `exec` whenever its program writes a line; returns the lines and the status. */
    private List<?> quitAtEachLine(String... program) {
        def process = gantry.command('exec', 'c', *program).start()
        def lines = []
        process.inputStream.eachLine {
            lines << it
            new Command('kill', '-QUIT', process.pid()).run()
        }
        def status = process.waitFor()
        assert process.errorStream.text == ''
        [lines, status]
    }

    def "QUIT adds nothing to the answers of a command that stays with no process"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        assert gantry.run('run', '-d', 'c').exit == 0
        def process = gantry.command('events', '--interval', '100ms', 'c').start()
        def output = process.inputStream.newReader()
        assert output.readLine().startsWith('{')

        when:
        Command.ok('kill', '-QUIT', process.pid())
        def answers = (1..20).collect { output.readLine() }

        then:
        answers.every { it.startsWith('{"type":"stats","id":"c"') }

        cleanup:
        process.destroy()
    }
}
