package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.oci.IntelRdt;
import dev.gantry.oci.Linux;
import dev.gantry.oci.MemoryPolicy;
import dev.gantry.oci.MemoryPolicyFlag;
import dev.gantry.oci.MemoryPolicyMode;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.NetDevice;
import dev.gantry.oci.Personality;
import dev.gantry.oci.PersonalityDomain;
import dev.gantry.oci.RootfsPropagation;
import dev.gantry.oci.TimeOffset;
import dev.gantry.oci.TimeOffsets;

/** Reads and writes {@code linux}, but for its resources and its seccomp filter. */
final class LinuxJson {
    private LinuxJson() {}

    static final class LinuxCodec implements JsonCodec<Linux> {
        @Override
        public Linux read(JsonObject json) {
            return new Linux(
                    json.objects("uidMappings", new ConfigJson.IdMappingCodec()),
                    json.objects("gidMappings", new ConfigJson.IdMappingCodec()),
                    json.stringMap("sysctl"),
                    json.object("resources", new ResourcesJson.ResourcesCodec()),
                    json.string("cgroupsPath"),
                    json.objects("namespaces", new NamespaceCodec()),
                    json.objects("devices", new DeviceCodec()),
                    json.objectMap("netDevices", new NetDeviceCodec()),
                    json.object("seccomp", new SeccompJson.SeccompCodec()),
                    json.constant("rootfsPropagation", RootfsPropagation.class),
                    json.strings("maskedPaths"),
                    json.strings("readonlyPaths"),
                    json.string("mountLabel"),
                    json.object("intelRdt", new IntelRdtCodec()),
                    json.object("memoryPolicy", new MemoryPolicyCodec()),
                    json.object("personality", new PersonalityCodec()),
                    json.object("timeOffsets", new TimeOffsetsCodec()));
        }

        @Override
        public ObjectNode write(Linux linux) {
            return new JsonObjectBuilder()
                    .objects("uidMappings", linux.uidMappings(), new ConfigJson.IdMappingCodec())
                    .objects("gidMappings", linux.gidMappings(), new ConfigJson.IdMappingCodec())
                    .stringMap("sysctl", linux.sysctl())
                    .object("resources", linux.resources(), new ResourcesJson.ResourcesCodec())
                    .string("cgroupsPath", linux.cgroupsPath())
                    .objects("namespaces", linux.namespaces(), new NamespaceCodec())
                    .objects("devices", linux.devices(), new DeviceCodec())
                    .objectMap("netDevices", linux.netDevices(), new NetDeviceCodec())
                    .object("seccomp", linux.seccomp(), new SeccompJson.SeccompCodec())
                    .constant("rootfsPropagation", linux.rootfsPropagation())
                    .strings("maskedPaths", linux.maskedPaths())
                    .strings("readonlyPaths", linux.readonlyPaths())
                    .string("mountLabel", linux.mountLabel())
                    .object("intelRdt", linux.intelRdt(), new IntelRdtCodec())
                    .object("memoryPolicy", linux.memoryPolicy(), new MemoryPolicyCodec())
                    .object("personality", linux.personality(), new PersonalityCodec())
                    .object("timeOffsets", linux.timeOffsets(), new TimeOffsetsCodec())
                    .node();
        }
    }

    static final class NamespaceCodec implements JsonCodec<Namespace> {
        @Override
        public Namespace read(JsonObject json) {
            return new Namespace(json.constant("type", NamespaceType.class), json.string("path"));
        }

        @Override
        public ObjectNode write(Namespace namespace) {
            return new JsonObjectBuilder()
                    .constant("type", namespace.type())
                    .string("path", namespace.path())
                    .node();
        }
    }

    static final class DeviceCodec implements JsonCodec<Device> {
        @Override
        public Device read(JsonObject json) {
            return new Device(
                    json.constant("type", DeviceType.class),
                    json.string("path"),
                    json.int64("major"),
                    json.int64("minor"),
                    json.uint32("fileMode"),
                    json.uint32("uid"),
                    json.uint32("gid"));
        }

        @Override
        public ObjectNode write(Device device) {
            return new JsonObjectBuilder()
                    .constant("type", device.type())
                    .string("path", device.path())
                    .number("major", device.major())
                    .number("minor", device.minor())
                    .number("fileMode", device.fileMode())
                    .number("uid", device.uid())
                    .number("gid", device.gid())
                    .node();
        }
    }

    static final class NetDeviceCodec implements JsonCodec<NetDevice> {
        @Override
        public NetDevice read(JsonObject json) {
            return new NetDevice(json.string("name"));
        }

        @Override
        public ObjectNode write(NetDevice device) {
            return new JsonObjectBuilder().string("name", device.name()).node();
        }
    }

    static final class IntelRdtCodec implements JsonCodec<IntelRdt> {
        @Override
        public IntelRdt read(JsonObject json) {
            return new IntelRdt(
                    json.string("closID"),
                    json.strings("schemata"),
                    json.string("l3CacheSchema"),
                    json.string("memBwSchema"),
                    json.bool("enableMonitoring"));
        }

        @Override
        public ObjectNode write(IntelRdt rdt) {
            return new JsonObjectBuilder()
                    .string("closID", rdt.closID())
                    .strings("schemata", rdt.schemata())
                    .string("l3CacheSchema", rdt.l3CacheSchema())
                    .string("memBwSchema", rdt.memBwSchema())
                    .bool("enableMonitoring", rdt.enableMonitoring())
                    .node();
        }
    }

    static final class MemoryPolicyCodec implements JsonCodec<MemoryPolicy> {
        @Override
        public MemoryPolicy read(JsonObject json) {
            return new MemoryPolicy(
                    json.constant("mode", MemoryPolicyMode.class),
                    json.string("nodes"),
                    json.constants("flags", MemoryPolicyFlag.class));
        }

        @Override
        public ObjectNode write(MemoryPolicy policy) {
            return new JsonObjectBuilder()
                    .constant("mode", policy.mode())
                    .string("nodes", policy.nodes())
                    .constants("flags", policy.flags())
                    .node();
        }
    }

    static final class PersonalityCodec implements JsonCodec<Personality> {
        @Override
        public Personality read(JsonObject json) {
            return new Personality(json.constant("domain", PersonalityDomain.class), json.strings("flags"));
        }

        @Override
        public ObjectNode write(Personality personality) {
            return new JsonObjectBuilder()
                    .constant("domain", personality.domain())
                    .strings("flags", personality.flags())
                    .node();
        }
    }

    static final class TimeOffsetsCodec implements JsonCodec<TimeOffsets> {
        @Override
        public TimeOffsets read(JsonObject json) {
            return new TimeOffsets(
                    json.object("boottime", new TimeOffsetCodec()), json.object("monotonic", new TimeOffsetCodec()));
        }

        @Override
        public ObjectNode write(TimeOffsets offsets) {
            return new JsonObjectBuilder()
                    .object("boottime", offsets.boottime(), new TimeOffsetCodec())
                    .object("monotonic", offsets.monotonic(), new TimeOffsetCodec())
                    .node();
        }
    }

    static final class TimeOffsetCodec implements JsonCodec<TimeOffset> {
        @Override
        public TimeOffset read(JsonObject json) {
            return new TimeOffset(json.int64("secs"), json.uint32("nanosecs"));
        }

        @Override
        public ObjectNode write(TimeOffset offset) {
            return new JsonObjectBuilder()
                    .number("secs", offset.secs())
                    .number("nanosecs", offset.nanosecs())
                    .node();
        }
    }
}
