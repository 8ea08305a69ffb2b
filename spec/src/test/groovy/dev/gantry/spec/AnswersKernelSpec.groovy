package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files

/** What a command does whose standard output takes nothing. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class AnswersKernelSpec extends CommandLineSpecification {
    /** The exit status and what stands on standard error, where standard output is a file. */
    private List<String> answeringTo(String file, List<String> words) {
        def outcome = new Command('sh', '-c', 'exec "$@" >"$0"', file, GantryCommand.LAUNCHER, gantry.globals, words)
            .at(bundle).input('').run()
        [outcome.exit.toString(), outcome.err]
    }

    def "an answer that cannot be written is one line on standard error and a failure: #words"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('run', '--detach', 'box')
        Files.writeString(bundle.resolve('x.ctr.groovy'), "container('x') { }\nprintln 'text'\n")

        expect:
        answeringTo('/dev/full', words) ==
            [words[0] == 'exec' ? '255' : '1', 'gantry: write to standard output: no space left on device (ENOSPC)\n']

        cleanup:
        Files.deleteIfExists(bundle.resolve('x.ctr.groovy'))

        where:
        words << [['--version'], ['--help'], ['list'], ['list', '-f', 'json'], ['state', 'box'], ['ps', 'box'],
                  ['ps', '-f', 'json', 'box'], ['events', '--stats', 'box'], ['events', '--interval', '10ms', 'box'],
                  ['features'], ['explain', 'config.json'], ['explain', 'x.ctr.groovy'], ['decompile', 'config.json'],
                  ['doctor'], ['x.ctr.groovy']] +
                 ['create', 'delete', 'exec', 'kill', 'run', 'spec', 'start', 'update', 'script']
                 .collect { [it, '--help'] }
    }

    def "an answer that nobody reads ends a command as SIGPIPE ends others, without a word: #words"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('run', '--detach', 'box')
        def fifo = "$stateRoot-unread".toString()
        call(dir, 'mkfifo', fifo)
        def reader = ['sh', '-c', 'exec 3<>"$0"; exec 4>"$0" 3<&-; exec "$@" >&4 4>&-', fifo,
                      GantryCommand.LAUNCHER.toString(), *gantry.globals, *words].execute(null as List, bundle.toFile())
        reader.outputStream.close()

        expect:
        reader.errorStream.text == ''
        reader.waitFor() == 141

        cleanup:
        new File(fifo).delete()

        where:
        words << [['--version'], ['list'], ['state', 'box'], ['events', '--interval', '10ms', 'box']]
    }
}
