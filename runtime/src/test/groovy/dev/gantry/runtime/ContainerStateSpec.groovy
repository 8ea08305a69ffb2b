package dev.gantry.runtime

import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.oci.HookPoint
import java.nio.charset.StandardCharsets
import java.time.Instant
import spock.lang.Specification

class ContainerStateSpec extends Specification {
    private static final ContainerState STATE = new ContainerState(
            'box', '/bundle', '/bundle/rootfs', 4123, 99, Instant.parse('2026-01-02T03:04:05.000000006Z'), 1000,
            ['org.example.team': 'ci "\u00e9"'], ['/cg/cpu/box', '/cg/memory/box'], 'gantry-box.scope', 41, [HookPoint.POSTSTOP])

    private static final Map JSON = [
            format: '1', id: '"box"', bundle: '"/bundle"', rootfs: '"/bundle/rootfs"', pid: '4123', pidStart: '99',
            created: '"2026-01-02T03:04:05.000000006Z"', owner: '1000',
            annotations: '{"org.example.team":"ci \\"\u00e9\\""}', cgroups: '["/cg/cpu/box","/cg/memory/box"]',
            unit: '"gantry-box.scope"', steps: '41', lateHooks: '["poststop"]']

    def "a state is kept as JSON"() {
        expect:
        new String(STATE.toJson(), StandardCharsets.UTF_8) == text(JSON)
    }

    def "what is written is read: #state"() {
        expect:
        ContainerState.fromJson(state.toJson(), 'state.json') == state

        where:
        state << [
                STATE,
                STATE.withProcess(0, 0),
                new ContainerState('box', '/b', '/r', 1, Long.MAX_VALUE, Instant.EPOCH, 0, [:], [], null, 0, []),
        ]
    }

    def "what a later Gantry has added is ignored"() {
        expect:
        read(JSON + [more: '[1]']) == STATE
    }

    def "format #format is refused"() {
        when:
        read(JSON + [format: format])

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.UNSUPPORTED
        e.message == "`/run/box/state.json` has format $shown, this Gantry knows 1"

        where:
        format | shown
        '2'    | '2'
        'null' | 'null'
        '"1"'  | 'null'
    }

    def "a state whose `#name` is #value is damaged"() {
        when:
        read(JSON + [(name): value])

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.IO
        e.message == "`/run/box/state.json` is damaged: `$name` is missing or makes no sense"

        where:
        name       | value
        'id'       | 'null'
        'pid'      | 'null'
        'pid'      | '"x"'
        'pid'      | '99999999999'
        'pidStart' | 'null'
        'created'  | 'null'
        'created'  | '"yesterday"'
        'owner'    | '[]'
    }

    def "a state that is no JSON is damaged"() {
        when:
        ContainerState.fromJson('{"format":1'.bytes, 'state.json')

        then:
        def e = thrown(ConfigException)
        e.message.startsWith('state.json: ')
    }

    def "a process is recorded, all else stays"() {
        expect:
        STATE.withProcess(7, 8) == new ContainerState(
                'box', '/bundle', '/bundle/rootfs', 7, 8, STATE.created(), 1000, STATE.annotations(), STATE.cgroups(),
                STATE.unit(), 41, [HookPoint.POSTSTOP])
    }

    def "the states have the names of the specification"() {
        expect:
        ContainerStatus.values()*.ociName() == ['creating', 'created', 'running', 'paused', 'stopped']
    }

    private static ContainerState read(Map json) {
        ContainerState.fromJson(text(json).getBytes(StandardCharsets.UTF_8), '/run/box/state.json')
    }

    private static String text(Map json) {
        '{' + json.collect { "\"${it.key}\":${it.value}" }.join(',') + '}'
    }
}
