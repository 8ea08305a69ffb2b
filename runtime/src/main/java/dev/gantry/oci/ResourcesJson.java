package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes {@code linux.resources}, but for block devices. */
final class ResourcesJson {
    private ResourcesJson() {}

    static Resources resources(JsonObject json) {
        return new Resources(
                json.objects("devices", ResourcesJson::deviceRule),
                json.object("memory", ResourcesJson::memory),
                json.object("cpu", ResourcesJson::cpu),
                json.object("pids", ResourcesJson::pids),
                json.object("blockIO", BlockIoJson::blockIo),
                json.objects("hugepageLimits", ResourcesJson::hugepageLimit),
                json.object("network", ResourcesJson::network),
                json.objectMap("rdma", ResourcesJson::rdma),
                json.stringMap("unified"));
    }

    static ObjectNode node(Resources resources) {
        return new JsonObjectBuilder()
                .objects("devices", resources.devices(), ResourcesJson::node)
                .object("memory", resources.memory(), ResourcesJson::node)
                .object("cpu", resources.cpu(), ResourcesJson::node)
                .object("pids", resources.pids(), ResourcesJson::node)
                .object("blockIO", resources.blockIO(), BlockIoJson::node)
                .objects("hugepageLimits", resources.hugepageLimits(), ResourcesJson::node)
                .object("network", resources.network(), ResourcesJson::node)
                .objectMap("rdma", resources.rdma(), ResourcesJson::node)
                .stringMap("unified", resources.unified())
                .node();
    }

    private static DeviceRule deviceRule(JsonObject json) {
        return new DeviceRule(
                json.bool("allow"),
                json.constant("type", DeviceRuleType.class),
                json.int64("major"),
                json.int64("minor"),
                json.string("access"));
    }

    private static ObjectNode node(DeviceRule rule) {
        return new JsonObjectBuilder()
                .bool("allow", rule.allow())
                .constant("type", rule.type())
                .number("major", rule.major())
                .number("minor", rule.minor())
                .string("access", rule.access())
                .node();
    }

    private static Memory memory(JsonObject json) {
        return new Memory(
                json.int64("limit"),
                json.int64("reservation"),
                json.int64("swap"),
                json.int64("kernel"),
                json.int64("kernelTCP"),
                json.uint64("swappiness"),
                json.bool("disableOOMKiller"),
                json.bool("useHierarchy"),
                json.bool("checkBeforeUpdate"));
    }

    private static ObjectNode node(Memory memory) {
        return new JsonObjectBuilder()
                .number("limit", memory.limit())
                .number("reservation", memory.reservation())
                .number("swap", memory.swap())
                .number("kernel", memory.kernel())
                .number("kernelTCP", memory.kernelTCP())
                .number("swappiness", memory.swappiness())
                .bool("disableOOMKiller", memory.disableOOMKiller())
                .bool("useHierarchy", memory.useHierarchy())
                .bool("checkBeforeUpdate", memory.checkBeforeUpdate())
                .node();
    }

    private static Cpu cpu(JsonObject json) {
        return new Cpu(
                json.uint64("shares"),
                json.int64("quota"),
                json.uint64("burst"),
                json.uint64("period"),
                json.int64("realtimeRuntime"),
                json.uint64("realtimePeriod"),
                json.string("cpus"),
                json.string("mems"),
                json.int64("idle"));
    }

    private static ObjectNode node(Cpu cpu) {
        return new JsonObjectBuilder()
                .number("shares", cpu.shares())
                .number("quota", cpu.quota())
                .number("burst", cpu.burst())
                .number("period", cpu.period())
                .number("realtimeRuntime", cpu.realtimeRuntime())
                .number("realtimePeriod", cpu.realtimePeriod())
                .string("cpus", cpu.cpus())
                .string("mems", cpu.mems())
                .number("idle", cpu.idle())
                .node();
    }

    private static Pids pids(JsonObject json) {
        return new Pids(json.int64("limit"));
    }

    private static ObjectNode node(Pids pids) {
        return new JsonObjectBuilder().number("limit", pids.limit()).node();
    }

    private static HugepageLimit hugepageLimit(JsonObject json) {
        return new HugepageLimit(json.string("pageSize"), json.uint64Bits("limit"));
    }

    private static ObjectNode node(HugepageLimit hugepages) {
        return new JsonObjectBuilder()
                .string("pageSize", hugepages.pageSize())
                .uint64Bits("limit", hugepages.limit())
                .node();
    }

    private static Network network(JsonObject json) {
        return new Network(json.uint32("classID"), json.objects("priorities", ResourcesJson::networkPriority));
    }

    private static ObjectNode node(Network network) {
        return new JsonObjectBuilder()
                .number("classID", network.classID())
                .objects("priorities", network.priorities(), ResourcesJson::node)
                .node();
    }

    private static NetworkPriority networkPriority(JsonObject json) {
        return new NetworkPriority(json.string("name"), json.uint32("priority"));
    }

    private static ObjectNode node(NetworkPriority priority) {
        return new JsonObjectBuilder()
                .string("name", priority.name())
                .number("priority", priority.priority())
                .node();
    }

    private static Rdma rdma(JsonObject json) {
        return new Rdma(json.uint32("hcaHandles"), json.uint32("hcaObjects"));
    }

    private static ObjectNode node(Rdma rdma) {
        return new JsonObjectBuilder()
                .number("hcaHandles", rdma.hcaHandles())
                .number("hcaObjects", rdma.hcaObjects())
                .node();
    }
}
