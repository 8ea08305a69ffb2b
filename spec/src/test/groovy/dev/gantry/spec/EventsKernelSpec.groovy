package dev.gantry.spec

import com.fasterxml.jackson.databind.JsonNode
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit

/** `gantry events`, as the process of a caller. */
@RequiresKernel(programs = ['busybox:busybox-static', 'runc'])
class EventsKernelSpec extends CommandLineSpecification {
    def "events end with the container, and tell that memory has run out"() {
        given:
        gantry.run('spec')
        edit {
            it.process.args = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=9']
            it.linux.resources.memory = [limit: 16 << 20, swap: 16 << 20]
        }
        gantry.run('create', 'box')
        def events = gantry.command('events', '--interval', '100ms', 'box').start()
        def lines = events.inputReader()
        def first = lines.readLine()

        when:
        gantry.run('start', 'box')
        def rest = lines.readLines()

        then:
        first.startsWith('{"type":"stats","id":"box","data":')
        rest.contains('{"type":"oom","id":"box"}')
        events.waitFor() == 0
    }

    def "events end at once when the container does: #how"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('create', 'box')
        if (how != 'killed before its start') {
            gantry.run('start', 'box')
        }
        def events = gantry.command('events', '--interval', '6s', 'box').start()
        assert events.inputReader().readLine()

        when: 'right after a tick'
        gantry.run(*end)

        then: 'well before the next one'
        events.waitFor(3, TimeUnit.SECONDS)
        events.exitValue() == 0

        where:
        how                       | end
        'killed'                  | ['kill', 'box', 'KILL']
        'deleted'                 | ['delete', '--force', 'box']
        'killed before its start' | ['kill', 'box', 'KILL']
    }

    def "events --stats has the keys of runc, in its order"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('run', '-d', 'box')
        def runc = ['runc', '--root', dir.resolve('runc')]
        new Command(runc, 'run', '-d', 'beside').at(bundle).ok()
        def keys = { JsonNode node -> node.fieldNames().toList() }

        when:
        def own = JSON.readTree(gantry.run('events', '--stats', 'box').out).get('data')
        def wanted = JSON.readTree(new Command(runc, 'events', '--stats', 'beside').run().out).get('data')

        then:
        keys(own) == keys(wanted)
        own.get('cpuset') == wanted.get('cpuset')
        own.get('cpuset').get('cpus').size() > 0
        own.get('intel_rdt') == wanted.get('intel_rdt')
        own.get('network_interfaces') == wanted.get('network_interfaces')

        cleanup:
        call(bundle, *runc, 'delete', '-f', 'beside')
    }
}
