package dev.gantry.cli.oci

import dev.gantry.value.CgroupStats
import dev.gantry.json.Json
import spock.lang.Specification

/** The JSON of `events`; its names and order are runc's. */
class StatsJsonSpec extends Specification {
    private static final NO_USE = new CgroupStats.Use(0, 0, 0, 0)

    def "what was measured has its place: #part"() {
        expect:
        Json.compact(StatsJson.of(stats()).get(part)) == json

        where:
        part     || json
        'cpu'    ||
            '{"usage":{"total":7,"percpu":[3,4],"kernel":2,"user":5},"throttling":{"periods":9,"throttledPeriods":8,' +
                '"throttledTime":6}}'
        'cpuset' || '{"cpus":[0,1],"cpu_exclusive":1,"mems":[0],"mem_hardwall":0}'
        'memory' ||
            '{"cache":11,"usage":{"limit":100,"usage":50,"max":60,"failcnt":1},"swap":{"limit":0,"usage":0,"max":0,' +
                '"failcnt":0},' +
                '"kernel":{"limit":0,"usage":0,"max":0,"failcnt":0},"kernelTCP":{"limit":0,"usage":0,"max":0,' +
                '"failcnt":0},"raw":{"anon":4096}}'
        'pids'    || '{"current":3,"limit":10}'
        'blkio'   || '{"ioServiceBytesRecursive":[{"major":8,"minor":0,"op":"Read","value":512}]}'
        'hugetlb' || '{"2MB":{"usage":1,"max":2,"failcnt":3}}'
    }

    def "the parts are in the order that runc has"() {
        expect:
        StatsJson.of(stats()).fieldNames().toList() ==
                ['cpu', 'cpuset', 'memory', 'pids', 'blkio', 'hugetlb', 'intel_rdt', 'network_interfaces']
    }

    def "without a limit of tasks none is shown"() {
        expect:
        Json.compact(StatsJson.of(stats(Long.MAX_VALUE)).get('pids')) == '{"current":3}'
    }

    def "pressure is shown where the kernel has it"() {
        given:
        def line = new CgroupStats.Psi.Line(0.5, 0.25, 0.0, 12)

        expect:
        Json.compact(StatsJson.of(stats(10, new CgroupStats.Psi(line, line))).get('blkio').get('psi').get('some')) ==
                '{"avg10":0.5,"avg60":0.25,"avg300":0.0,"total":12}'
    }

    private static CgroupStats stats(long pidsLimit = 10, CgroupStats.Psi psi = null) {
        new CgroupStats(
                new CgroupStats.Cpu(7, 2, 5, [3L, 4L], [], [], new CgroupStats.Throttling(9, 8, 6), null),
                new CgroupStats.Cpuset([0, 1], [0], [cpu_exclusive: 1L, mem_hardwall: 0L]),
                new CgroupStats.Memory(11, new CgroupStats.Use(100, 50, 60, 1), NO_USE, NO_USE, NO_USE, [anon: 4096L],
                null),
                new CgroupStats.Pids(3, pidsLimit),
                new CgroupStats.BlockIo([new CgroupStats.BlockIoEntry(8, 0, 'Read', 512)], [], psi),
                ['2MB': new CgroupStats.Hugetlb(1, 2, 3)],
                [:])
    }
}
