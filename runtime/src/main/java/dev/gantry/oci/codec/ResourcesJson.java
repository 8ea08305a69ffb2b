package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.DeviceRuleType;
import dev.gantry.oci.HugepageLimit;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Network;
import dev.gantry.oci.NetworkPriority;
import dev.gantry.oci.Pids;
import dev.gantry.oci.Rdma;
import dev.gantry.oci.Resources;

/** Reads and writes {@code linux.resources}, but for block devices. */
final class ResourcesJson {
    private ResourcesJson() {}

    static final class ResourcesCodec implements JsonCodec<Resources> {
        @Override
        public Resources read(JsonObject json) {
            return new Resources(
                    json.objects("devices", new DeviceRuleCodec()),
                    json.object("memory", new MemoryCodec()),
                    json.object("cpu", new CpuCodec()),
                    json.object("pids", new PidsCodec()),
                    json.object("blockIO", new BlockIoJson.BlockIoCodec()),
                    json.objects("hugepageLimits", new HugepageLimitCodec()),
                    json.object("network", new NetworkCodec()),
                    json.objectMap("rdma", new RdmaCodec()),
                    json.stringMap("unified"));
        }

        @Override
        public ObjectNode write(Resources resources) {
            return new JsonObjectBuilder()
                    .objects("devices", resources.devices(), new DeviceRuleCodec())
                    .object("memory", resources.memory(), new MemoryCodec())
                    .object("cpu", resources.cpu(), new CpuCodec())
                    .object("pids", resources.pids(), new PidsCodec())
                    .object("blockIO", resources.blockIO(), new BlockIoJson.BlockIoCodec())
                    .objects("hugepageLimits", resources.hugepageLimits(), new HugepageLimitCodec())
                    .object("network", resources.network(), new NetworkCodec())
                    .objectMap("rdma", resources.rdma(), new RdmaCodec())
                    .stringMap("unified", resources.unified())
                    .node();
        }
    }

    static final class DeviceRuleCodec implements JsonCodec<DeviceRule> {
        @Override
        public DeviceRule read(JsonObject json) {
            return new DeviceRule(
                    json.bool("allow"),
                    json.constant("type", DeviceRuleType.class),
                    json.int64("major"),
                    json.int64("minor"),
                    json.string("access"));
        }

        @Override
        public ObjectNode write(DeviceRule rule) {
            return new JsonObjectBuilder()
                    .bool("allow", rule.allow())
                    .constant("type", rule.type())
                    .number("major", rule.major())
                    .number("minor", rule.minor())
                    .string("access", rule.access())
                    .node();
        }
    }

    static final class MemoryCodec implements JsonCodec<Memory> {
        @Override
        public Memory read(JsonObject json) {
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

        @Override
        public ObjectNode write(Memory memory) {
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
    }

    static final class CpuCodec implements JsonCodec<Cpu> {
        @Override
        public Cpu read(JsonObject json) {
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

        @Override
        public ObjectNode write(Cpu cpu) {
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
    }

    static final class PidsCodec implements JsonCodec<Pids> {
        @Override
        public Pids read(JsonObject json) {
            return new Pids(json.int64("limit"));
        }

        @Override
        public ObjectNode write(Pids pids) {
            return new JsonObjectBuilder().number("limit", pids.limit()).node();
        }
    }

    static final class HugepageLimitCodec implements JsonCodec<HugepageLimit> {
        @Override
        public HugepageLimit read(JsonObject json) {
            return new HugepageLimit(json.string("pageSize"), json.uint64Bits("limit"));
        }

        @Override
        public ObjectNode write(HugepageLimit hugepages) {
            return new JsonObjectBuilder()
                    .string("pageSize", hugepages.pageSize())
                    .uint64Bits("limit", hugepages.limit())
                    .node();
        }
    }

    static final class NetworkCodec implements JsonCodec<Network> {
        @Override
        public Network read(JsonObject json) {
            return new Network(json.uint32("classID"), json.objects("priorities", new NetworkPriorityCodec()));
        }

        @Override
        public ObjectNode write(Network network) {
            return new JsonObjectBuilder()
                    .number("classID", network.classID())
                    .objects("priorities", network.priorities(), new NetworkPriorityCodec())
                    .node();
        }
    }

    static final class NetworkPriorityCodec implements JsonCodec<NetworkPriority> {
        @Override
        public NetworkPriority read(JsonObject json) {
            return new NetworkPriority(json.string("name"), json.uint32("priority"));
        }

        @Override
        public ObjectNode write(NetworkPriority priority) {
            return new JsonObjectBuilder()
                    .string("name", priority.name())
                    .number("priority", priority.priority())
                    .node();
        }
    }

    static final class RdmaCodec implements JsonCodec<Rdma> {
        @Override
        public Rdma read(JsonObject json) {
            return new Rdma(json.uint32("hcaHandles"), json.uint32("hcaObjects"));
        }

        @Override
        public ObjectNode write(Rdma rdma) {
            return new JsonObjectBuilder()
                    .number("hcaHandles", rdma.hcaHandles())
                    .number("hcaObjects", rdma.hcaObjects())
                    .node();
        }
    }
}
