package dev.gantry.store

import dev.gantry.value.ContainerState
import dev.gantry.value.RootDirectory
import dev.gantry.error.ConfigException
import dev.gantry.oci.HookPoint
import dev.gantry.value.ContainerStatus
import java.nio.charset.StandardCharsets
import java.time.Instant
import spock.lang.Specification

/** The state of a container as it is kept in its file, also of earlier versions. */
class ContainerStateSpec extends Specification {
    private static final RootDirectory ROOT = new RootDirectory(8L << 32 | 1, -2, 1L << 31 | 7)
    private static final ContainerState STATE = new ContainerState(
            'box', '/bundle', '/bundle/rootfs', 4123, 99, ROOT, Instant.parse('2026-01-02T03:04:05.000000006Z'), 1000,
            ['org.example.team': 'ci "\u00e9"'], ['/cg/cpu/box', '/cg/memory/box'], 'gantry-box.scope', 41,
            [HookPoint.POSTSTOP])

    private static final Map JSON = [
            format: '1', id: '"box"', bundle: '"/bundle"', rootfs: '"/bundle/rootfs"', pid: '4123', pidStart: '99',
            root: '{"device":34359738369,"inode":18446744073709551614,"mount":2147483655}',
            created: '"2026-01-02T03:04:05.000000006Z"', owner: '1000',
            annotations: '{"org.example.team":"ci \\"\u00e9\\""}', cgroups: '["/cg/cpu/box","/cg/memory/box"]',
            unit: '"gantry-box.scope"', steps: '41', lateHooks: '["poststop"]']

    def "a state is kept as JSON"() {
        expect:
        new String(StateFile.toJson(STATE), StandardCharsets.UTF_8) == text(JSON)
    }

    def "what is written is read: #state"() {
        expect:
        StateFile.fromJson(StateFile.toJson(state), 'box') == state

        where:
        state << [
                STATE,
                STATE.withProcess(0, 0, null),
                new ContainerState('box', '/b', '/r', 1, Long.MAX_VALUE, null, Instant.EPOCH, 0, [:], [], null, 0, []),
        ]
    }

    def "a state without a root, as an earlier Gantry wrote it, is read"() {
        expect:
        read(JSON.findAll { it.key != 'root' }) == STATE.withProcess(4123, 99, null)
        read(JSON + [root: '{"device":1}']) == STATE.withProcess(4123, 99, null)
    }

    def "what a later Gantry has added is ignored"() {
        expect:
        read(JSON + [more: '[1]']) == STATE
    }

    def "format #format is refused"() {
        when:
        read(JSON + [format: format])

        then:
        def e = thrown(ConfigException)
        e.message == "its format is $shown, this Gantry knows 1"

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
        def e = thrown(ConfigException)
        e.message == "`$name` is missing or makes no sense"

        where:
        name       | value
        'id'       | 'null'
        'id'       | '"other"'
        'bundle'   | 'null'
        'rootfs'   | '""'
        'pid'      | '-1'
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
        StateFile.fromJson('{"format":1'.bytes, 'box')

        then:
        def e = thrown(ConfigException)
        e.message.startsWith('state: ')
    }

    def "a process is recorded, all else stays"() {
        expect:
        STATE.withProcess(7, 8, ROOT) == new ContainerState(
                'box', '/bundle', '/bundle/rootfs', 7, 8, ROOT, STATE.created(), 1000, STATE.annotations(),
                STATE.cgroups(), STATE.unit(), 41, [HookPoint.POSTSTOP])
    }

    def "the states have the names of the specification"() {
        expect:
        ContainerStatus.values()*.ociName() == ['creating', 'created', 'running', 'paused', 'stopped']
    }

    private static ContainerState read(Map json) {
        StateFile.fromJson(text(json).getBytes(StandardCharsets.UTF_8), 'box')
    }

    private static String text(Map json) {
        '{' + json.collect { "\"${it.key}\":${it.value}" }.join(',') + '}'
    }
}
