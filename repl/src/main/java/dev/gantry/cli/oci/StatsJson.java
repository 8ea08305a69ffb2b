package dev.gantry.cli.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.value.CgroupStats;
import java.util.List;
import java.util.Map;

/** The JSON by which {@code events} shows what was used; names and order are those that callers of runc read. */
final class StatsJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private StatsJson() {}

    static ObjectNode of(CgroupStats stats) {
        ObjectNode data = NODES.objectNode();
        data.set("cpu", cpu(stats.cpu()));
        data.set("cpuset", cpuset(stats.cpuset()));
        data.set("memory", memory(stats.memory()));
        data.set("pids", pids(stats.pids()));
        data.set("blkio", blockIo(stats.blkio()));
        data.set("hugetlb", hugetlb(stats.hugetlb()));
        data.putObject("intel_rdt"); // for these two runc has something to say only of what no config can ask of us
        data.putNull("network_interfaces");
        return data;
    }

    private static ObjectNode cpu(CgroupStats.Cpu cpu) {
        ObjectNode usage = NODES.objectNode().put("total", cpu.total());
        numbers(usage, "percpu", cpu.perCpu());
        numbers(usage, "percpu_kernel", cpu.kernelPerCpu());
        numbers(usage, "percpu_user", cpu.userPerCpu());
        usage.put("kernel", cpu.kernel()).put("user", cpu.user());
        ObjectNode throttling = NODES.objectNode();
        if (cpu.throttling().periods() > 0) {
            throttling.put("periods", cpu.throttling().periods());
            throttling.put("throttledPeriods", cpu.throttling().throttledPeriods());
            throttling.put("throttledTime", cpu.throttling().throttledTime());
        }
        ObjectNode node = NODES.objectNode();
        node.set("usage", usage);
        node.set("throttling", throttling);
        return pressure(node, cpu.psi());
    }

    private static ObjectNode cpuset(CgroupStats.Cpuset cpuset) {
        ObjectNode node = NODES.objectNode();
        integers(node, "cpus", cpuset.cpus());
        cpuset.flags().forEach((flag, value) -> {
            node.put(flag, value);
            if (flag.equals("cpu_exclusive")) { // runc has the nodes after the first flag
                integers(node, "mems", cpuset.mems());
            }
        });
        return node;
    }

    private static void integers(ObjectNode node, String name, List<Integer> values) {
        numbers(node, name, values.stream().map(Integer::longValue).toList());
    }

    private static void numbers(ObjectNode node, String name, List<Long> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(name);
            values.forEach(array::add);
        }
    }

    private static ObjectNode memory(CgroupStats.Memory memory) {
        ObjectNode node = NODES.objectNode().put("cache", memory.cache());
        node.set("usage", use(memory.usage()));
        node.set("swap", use(memory.swap()));
        node.set("kernel", use(memory.kernel()));
        node.set("kernelTCP", use(memory.kernelTcp()));
        ObjectNode raw = node.putObject("raw");
        memory.raw().forEach((name, value) -> raw.put(name, value));
        return pressure(node, memory.psi());
    }

    private static ObjectNode use(CgroupStats.Use use) {
        return NODES.objectNode()
                .put("limit", use.limit())
                .put("usage", use.usage())
                .put("max", use.max())
                .put("failcnt", use.failures());
    }

    /** Leaves the limit out where there is none. */
    private static ObjectNode pids(CgroupStats.Pids pids) {
        ObjectNode node = NODES.objectNode().put("current", pids.current());
        return pids.limit() == Long.MAX_VALUE ? node : node.put("limit", pids.limit());
    }

    private static ObjectNode blockIo(CgroupStats.BlockIo io) {
        ObjectNode node = NODES.objectNode();
        entries(node, "ioServiceBytesRecursive", io.bytes());
        entries(node, "ioServicedRecursive", io.operations());
        return pressure(node, io.psi());
    }

    private static void entries(ObjectNode node, String name, List<CgroupStats.BlockIoEntry> entries) {
        if (!entries.isEmpty()) {
            ArrayNode array = node.putArray(name);
            entries.forEach(entry -> array.addObject()
                    .put("major", entry.major())
                    .put("minor", entry.minor())
                    .put("op", entry.op())
                    .put("value", entry.value()));
        }
    }

    private static ObjectNode hugetlb(Map<String, CgroupStats.Hugetlb> sizes) {
        ObjectNode node = NODES.objectNode();
        sizes.forEach((size, use) -> node.putObject(size)
                .put("usage", use.usage())
                .put("max", use.max())
                .put("failcnt", use.failures()));
        return node;
    }

    private static ObjectNode pressure(ObjectNode node, CgroupStats.Psi psi) {
        if (psi != null) {
            ObjectNode both = node.putObject("psi");
            both.set("some", line(psi.some()));
            both.set("full", line(psi.full()));
        }
        return node;
    }

    private static ObjectNode line(CgroupStats.Psi.Line line) {
        return NODES.objectNode()
                .put("avg10", line.avg10())
                .put("avg60", line.avg60())
                .put("avg300", line.avg300())
                .put("total", line.total());
    }
}
