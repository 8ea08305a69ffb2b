package dev.gantry.repl

import dev.gantry.dsl.live.ContainerEvent
import dev.gantry.value.RunningProcess
import dev.gantry.value.ContainerMount
import java.time.Instant
import spock.lang.Specification

/** What a person sees of a value; containers are in ReplKernelSpec. */
class RendererSpec extends Specification {
    private final renderer = new Renderer(new Ink(false))

    record Row(int a, String b, List<String> c) {}

    def "of #value there is nothing to see"() {
        expect:
        renderer.render(value).empty

        where:
        value << [null, '', '\n', ' ']
    }

    def "#value is shown as `#text`"() {
        expect:
        renderer.render(value).get() == text

        where:
        value                                                         || text
        'a\n'                                                         || 'a'
        [a: 1]                                                        || 'a: 1'
        [1, 2]                                                        || '[1, 2]'
        [new Row(1, 'x', []), new Row(22, null, [])]                  || 'A   B\n1   x\n22'
        [new Row(1, 'x' * 41, ['p', 'q'])]                            ||
            "A  B                                            C\n1  ${'x' * 40}...  p,q"
        [new RunningProcess(7, 1, 0, 'sleeping', 2048, 'sleep 1')]    ||
            'PID  INSIDE  UID  STATE     MEMORY  COMMAND\n7    1       0    sleeping  2 KiB   sleep 1'
        [new ContainerMount('/', 'overlay', 'none', ['ro', 'nodev'])] ||
            'TARGET  TYPE     SOURCE  OPTIONS\n/       overlay  none    ro,nodev'
        new ContainerEvent('box', 'exit', 3, Instant.EPOCH)           || 'box ended with status 3'
        new ContainerEvent('box', 'oom', -1, Instant.EPOCH)           || 'box ran out of memory'
        new ContainerEvent('box', 'pause', -1, Instant.EPOCH)         || 'box: pause'
    }

    def "an event that nobody wished for is coloured"() {
        expect:
        new Renderer(new Ink(true)).render(new ContainerEvent('box', kind, 0, Instant.EPOCH)).get().startsWith(begin)

        where:
        kind    || begin
        'exit'  || '\u001b[33m'
        'oom'   || '\u001b[31m'
        'start' || 'box'
    }
}
