package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes {@code linux}, but for its resources and its seccomp filter. */
final class LinuxJson {
    private LinuxJson() {}

    static Linux linux(JsonObject json) {
        return new Linux(
                json.objects("uidMappings", ConfigJson::idMapping),
                json.objects("gidMappings", ConfigJson::idMapping),
                json.stringMap("sysctl"),
                json.object("resources", ResourcesJson::resources),
                json.string("cgroupsPath"),
                json.objects("namespaces", LinuxJson::namespace),
                json.objects("devices", LinuxJson::device),
                json.objectMap("netDevices", LinuxJson::netDevice),
                json.object("seccomp", SeccompJson::seccomp),
                json.constant("rootfsPropagation", RootfsPropagation.class),
                json.strings("maskedPaths"),
                json.strings("readonlyPaths"),
                json.string("mountLabel"),
                json.object("intelRdt", LinuxJson::intelRdt),
                json.object("memoryPolicy", LinuxJson::memoryPolicy),
                json.object("personality", LinuxJson::personality),
                json.object("timeOffsets", LinuxJson::timeOffsets));
    }

    static ObjectNode node(Linux linux) {
        return new JsonObjectBuilder()
                .objects("uidMappings", linux.uidMappings(), ConfigJson::node)
                .objects("gidMappings", linux.gidMappings(), ConfigJson::node)
                .stringMap("sysctl", linux.sysctl())
                .object("resources", linux.resources(), ResourcesJson::node)
                .string("cgroupsPath", linux.cgroupsPath())
                .objects("namespaces", linux.namespaces(), LinuxJson::node)
                .objects("devices", linux.devices(), LinuxJson::node)
                .objectMap("netDevices", linux.netDevices(), LinuxJson::node)
                .object("seccomp", linux.seccomp(), SeccompJson::node)
                .constant("rootfsPropagation", linux.rootfsPropagation())
                .strings("maskedPaths", linux.maskedPaths())
                .strings("readonlyPaths", linux.readonlyPaths())
                .string("mountLabel", linux.mountLabel())
                .object("intelRdt", linux.intelRdt(), LinuxJson::node)
                .object("memoryPolicy", linux.memoryPolicy(), LinuxJson::node)
                .object("personality", linux.personality(), LinuxJson::node)
                .object("timeOffsets", linux.timeOffsets(), LinuxJson::node)
                .node();
    }

    private static Namespace namespace(JsonObject json) {
        return new Namespace(json.constant("type", NamespaceType.class), json.string("path"));
    }

    private static ObjectNode node(Namespace namespace) {
        return new JsonObjectBuilder()
                .constant("type", namespace.type())
                .string("path", namespace.path())
                .node();
    }

    private static Device device(JsonObject json) {
        return new Device(
                json.constant("type", DeviceType.class),
                json.string("path"),
                json.int64("major"),
                json.int64("minor"),
                json.uint32("fileMode"),
                json.uint32("uid"),
                json.uint32("gid"));
    }

    private static ObjectNode node(Device device) {
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

    private static NetDevice netDevice(JsonObject json) {
        return new NetDevice(json.string("name"));
    }

    private static ObjectNode node(NetDevice device) {
        return new JsonObjectBuilder().string("name", device.name()).node();
    }

    private static IntelRdt intelRdt(JsonObject json) {
        return new IntelRdt(
                json.string("closID"),
                json.strings("schemata"),
                json.string("l3CacheSchema"),
                json.string("memBwSchema"),
                json.bool("enableMonitoring"));
    }

    private static ObjectNode node(IntelRdt rdt) {
        return new JsonObjectBuilder()
                .string("closID", rdt.closID())
                .strings("schemata", rdt.schemata())
                .string("l3CacheSchema", rdt.l3CacheSchema())
                .string("memBwSchema", rdt.memBwSchema())
                .bool("enableMonitoring", rdt.enableMonitoring())
                .node();
    }

    private static MemoryPolicy memoryPolicy(JsonObject json) {
        return new MemoryPolicy(
                json.constant("mode", MemoryPolicyMode.class),
                json.string("nodes"),
                json.constants("flags", MemoryPolicyFlag.class));
    }

    private static ObjectNode node(MemoryPolicy policy) {
        return new JsonObjectBuilder()
                .constant("mode", policy.mode())
                .string("nodes", policy.nodes())
                .constants("flags", policy.flags())
                .node();
    }

    private static Personality personality(JsonObject json) {
        return new Personality(json.constant("domain", PersonalityDomain.class), json.strings("flags"));
    }

    private static ObjectNode node(Personality personality) {
        return new JsonObjectBuilder()
                .constant("domain", personality.domain())
                .strings("flags", personality.flags())
                .node();
    }

    private static TimeOffsets timeOffsets(JsonObject json) {
        return new TimeOffsets(
                json.object("boottime", LinuxJson::timeOffset), json.object("monotonic", LinuxJson::timeOffset));
    }

    private static ObjectNode node(TimeOffsets offsets) {
        return new JsonObjectBuilder()
                .object("boottime", offsets.boottime(), LinuxJson::node)
                .object("monotonic", offsets.monotonic(), LinuxJson::node)
                .node();
    }

    private static TimeOffset timeOffset(JsonObject json) {
        return new TimeOffset(json.int64("secs"), json.uint32("nanosecs"));
    }

    private static ObjectNode node(TimeOffset offset) {
        return new JsonObjectBuilder()
                .number("secs", offset.secs())
                .number("nanosecs", offset.nanosecs())
                .node();
    }
}
