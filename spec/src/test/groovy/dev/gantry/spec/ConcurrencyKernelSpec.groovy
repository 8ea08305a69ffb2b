package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** Fifty commands at once on one state root: one winner, clean errors, and nothing that cannot be read or deleted. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@LeavesNoTrace({ dir.resolve('state') })
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ConcurrencyKernelSpec extends Specification {
    private static final int AT_ONCE = 50

    @Shared @TempDir Path dir

    def setupSpec() {
        Busybox.rootfs(dir.resolve('rootfs'))
        assert gantry(1, ['spec', '-b', dir.toString()])[0].exit == 0
        def json = new ObjectMapper()
        def file = dir.resolve('config.json').toFile()
        def config = json.readValue(file, Map)
        config.process.terminal = false
        config.process.args = ['sleep', '1000']
        config.root.readonly = false
        json.writeValue(file, config)
        gantry(1, ['create', '-b', dir.toString(), 'warm'])
        gantry(1, ['delete', '-f', 'warm']) // mount points are there from now on
    }

    def cleanup() {
        gantry(1, ['list', '-q'])[0].out.readLines().each { gantry(1, ['delete', '-f', it]) }
    }

    def "of fifty that create the same container one does"() {
        when:
        def outcomes = gantry(AT_ONCE, ['create', '-b', dir.toString(), 'same'])

        then:
        outcomes.count { it.exit == 0 } == 1
        outcomes.findAll { it.exit != 0 }.every {
            it.exit == 1 && it.err.contains('container with given ID already exists') && it.err.count('\n') == 1
        }
        gantry(1, ['state', 'same'])[0].out.contains('"status": "created"')
    }

    def "of fifty that start it one does"() {
        given:
        gantry(1, ['create', '-b', dir.toString(), 'same'])

        when:
        def outcomes = gantry(AT_ONCE, ['start', 'same'])

        then:
        outcomes.count { it.exit == 0 } == 1
        outcomes.findAll { it.exit != 0 }
            .every { it.exit == 1 && it.err.contains('cannot start an already running container') }
    }

    def "fifty that create containers of their own all do, and fifty that delete them"() {
        when:
        def made = gantry(AT_ONCE, ['create', '-b', dir.toString(), 'own-N'])

        then:
        made.every { it.exit == 0 && it.err == '' }
        gantry(1, ['list', '-q'])[0].out.readLines().size() == AT_ONCE

        when:
        def gone = gantry(AT_ONCE, ['delete', '-f', 'own-N'])

        then:
        gone.every { it.exit == 0 && it.err == '' }
        gantry(1, ['list', '-q'])[0].out == ''
    }

    def "fifty different commands on one container end, and leave one that can be deleted"() {
        given:
        gantry(1, ['create', '-b', dir.toString(), 'same'])
        def commands = [['start', 'same'], ['state', 'same'], ['exec', 'same', 'true'], ['pause', 'same'],
                        ['resume', 'same'], ['kill', 'same', 'KILL'], ['delete', 'same'], ['delete', '-f', 'same'],
                        ['create', '-b', dir.toString(), 'same'], ['ps', '-f', 'json', 'same']]

        when:
        def outcomes = gantry(AT_ONCE, *commands)

        then:
        outcomes.every { it.exit in [0, 1, 137, 255] }
        outcomes.every {
            it.err.readLines().size() <= 1 && !it.err.contains('internal error') && !it.err.contains('\tat ')
        }

        and: 'whatever is left is whole'
        gantry(1, ['list'])[0].exit == 0
        gantry(1, ['delete', '-f', 'same'])[0].exit == 0
        gantry(1, ['list', '-q'])[0].out == ''
    }

    /** Runs as many commands at once, taking them in turns; `N` stands for the number of each. */
    private List<Outcome> gantry(int count, List<String>... commands) {
        def started = (0..<count).collect { n ->
            def args = commands[n % commands.length].collect { it.replaceAll(/N$/, "$n") }
            new Command(GantryCommand.LAUNCHER, '--root', "$dir/state", args).within(200).begin()
        }
        started*.end()
    }
}
