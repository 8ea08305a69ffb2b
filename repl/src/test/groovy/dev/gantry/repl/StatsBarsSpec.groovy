package dev.gantry.repl

import dev.gantry.dsl.live.ContainerStats
import spock.lang.Specification

/** What a container uses, with bars. */
class StatsBarsSpec extends Specification {
    private static final MIB = 1024L * 1024

    def "#count bytes are `#text`"() {
        expect:
        StatsBars.bytes(count) == text

        where:
        count                || text
        0                    || '0 B'
        1023                 || '1023 B'
        1024                 || '1 KiB'
        1536                 || '1.5 KiB'
        13_107_200           || '12.5 MiB'
        3 * 1024 * MIB       || '3 GiB'
        5000L * 1024 * 1024 * MIB || '5000 TiB'
    }

    def "a bar is as long as the part of the limit that is used"() {
        expect:
        lines(new StatsBars(new Ink(false)).text(stats(memory, 0, pids), 1)) == [
                "memory $used 100 MiB $bar",
                'cpu 0.00 s',
                "pids $pids 10 $tasks",
        ]

        where:
        memory     | pids || used      | bar                               | tasks
        0          | 0    || '0 B'     | '[--------------------] 0 %'      | '[--------------------] 0 %'
        50 * MIB   | 5    || '50 MiB'  | '[##########----------] 50 %'     | '[##########----------] 50 %'
        100 * MIB  | 10   || '100 MiB' | '[####################] 100 %'    | '[####################] 100 %'
        120 * MIB  | 1    || '120 MiB' | '[####################] 100 %'    | '[##------------------] 10 %'
    }

    def "on #columns columns a bar has #length"() {
        given:
        def bars = new StatsBars(new Ink(false, { columns }))
        def text = bars.text(stats(100 * MIB, 0, 10), 1)

        expect:
        text.contains('[' + '#' * length + '] 100 %')
        text.readLines().every { it.size() <= Math.max(40, columns) }

        where:
        columns || length
        200     || 20
        80      || 20
        50      || 14
        40      || 4
    }

    def "how busy it is, is known from the second sample on"() {
        given:
        def bars = new StatsBars(new Ink(false))
        def cpus = Runtime.runtime.availableProcessors()

        expect:
        lines(bars.text(stats(0, 0, 1), 1_000_000_000))[1] == 'cpu 0.00 s'
        lines(bars.text(stats(0, cpus * 500_000_000L, 1), 2_000_000_000))[1].endsWith('[##########----------] 50 %')
        !lines(bars.text(stats(0, cpus * 900_000_000L, 1), 2_000_000_000))[1].contains('[') // no time has gone by
    }

    def "without a limit of tasks there is no bar for them"() {
        expect:
        lines(new StatsBars(new Ink(false)).text(stats(0, 0, 3, Long.MAX_VALUE), 1))[2] == 'pids 3'
    }

    def "a bar that is #percent % full is #colour"() {
        expect:
        new StatsBars(new Ink(true)).text(stats(percent * MIB, 0, 0), 1).contains("\u001b[${code}m#")

        where:
        percent || code | colour
        70      || 32   | 'green'
        71      || 33   | 'yellow'
        91      || 31   | 'red'
    }

    private static ContainerStats stats(long memory, long cpuNanos, long pids, long pidsLimit = 10) {
        new ContainerStats(
                new ContainerStats.Memory(memory, memory, 100 * MIB),
                new ContainerStats.Cpu(cpuNanos, cpuNanos, 0),
                new ContainerStats.Pids(pids, pidsLimit),
                null)
    }

    /** The lines below the header, with single blanks. */
    private static List<String> lines(String text) {
        text.readLines().drop(1)*.replaceAll(/ +/, ' ')
    }
}
