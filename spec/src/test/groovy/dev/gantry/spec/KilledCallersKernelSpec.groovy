package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.util.concurrent.PollingConditions

/** Callers of `create` that are killed while it works, which a hook makes last. */
@RequiresKernel(programs = ['busybox:busybox-static', 'setpriv:util-linux', 'setsid:util-linux'])
class KilledCallersKernelSpec extends ContainerSpecification {
    private final PollingConditions soon = new PollingConditions(timeout: 30)
    private GantryCommand command

    def setup() {
        command = new GantryCommand(stateRoot, bundle)
        assert command.run('spec').exit == 0
        def file = bundle.resolve('config.json').toFile()
        def config = new ObjectMapper().readValue(file, Map)
        config.process.terminal = false
        config.process.args = ['sleep', '1000']
        config.process.remove('rlimits')
        config.hooks = [createRuntime: [[path: '/bin/sh',
            args: ['sh', '-c', "touch $bundle/hooking; while [ ! -e $bundle/go ]; do sleep 0.1; done".toString()]]]]
        new ObjectMapper().writeValue(file, config)
    }

    def cleanup() {
        command.run('delete', '--force', 'called')
        ['config.json', 'hooking', 'go'].each { Files.deleteIfExists(bundle.resolve(it)) }
    }

    private String create() {
        "$GantryCommand.LAUNCHER --root $stateRoot create -b $bundle called >/dev/null 2>&1 </dev/null"
    }

    /** Kills a shell as soon as the hook runs that its command leads to. */
    private void killedWhileCreating(String script) {
        def caller = new Command('sh', '-c', script).start()
        soon.eventually {
            assert Files.exists(bundle.resolve('hooking'))
        }
        caller.destroyForcibly().waitFor(10, TimeUnit.SECONDS)
    }

    private String statusOf() {
        def state = command.run('state', 'called')
        state.exit == 0 ? new ObjectMapper().readValue(state.out, Map).status : 'none'
    }

    private List<String> processes() {
        new File('/proc').list().findAll { it.isInteger() }.collect { pid ->
            try {
                Files.readString(Path.of("/proc/$pid/cmdline")).replace('\0', ' ')
            } catch (IOException ignored) {
                '' // gone meanwhile
            }
        }.findAll { it.contains(bundle.toString()) || it.startsWith('gantry-init') }
    }

    def "a create that is tied to its caller ends with it, and leaves nothing that runs: by #how"() {
        when:
        killedWhileCreating("setpriv --pdeathsig $how ${create()} & wait")

        then:
        soon.eventually {
            assert processes() == []
        }
        !(statusOf() in ['created', 'running'])

        and: 'what is left of it is deleted like any other, and the id can be had again'
        command.run('delete', '--force', 'called').exit == 0
        statusOf() == 'none'
        Files.createFile(bundle.resolve('go'))
        command.run('create', 'called').exit == 0
        statusOf() == 'created'

        where:
        how << ['KILL', 'TERM']
    }

    def "a create that its caller left to itself goes on without it: #how"() {
        when:
        killedWhileCreating(script.replace('CREATE', create()))
        Files.createFile(bundle.resolve('go'))

        then:
        soon.eventually {
            assert statusOf() == 'created'
        }

        where:
        how              | script
        'in background'  | 'CREATE & wait'
        'setsid, nohup'  | 'setsid nohup CREATE & wait'
        'a double fork'  | '(CREATE &) ; sleep 100'
    }
}
