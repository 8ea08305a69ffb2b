package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes the top level of a {@code config.json}: root, mounts, hooks. */
final class ConfigJson {
    private ConfigJson() {}

    static OciConfig config(JsonObject json) {
        return new OciConfig(
                json.string("ociVersion"),
                json.object("process", ProcessJson::process),
                json.object("root", ConfigJson::root),
                json.string("hostname"),
                json.string("domainname"),
                json.objects("mounts", ConfigJson::mount),
                json.object("hooks", ConfigJson::hooks),
                json.stringMap("annotations"),
                json.object("linux", LinuxJson::linux),
                json.object("vm", VmJson::vm));
    }

    static ObjectNode node(OciConfig config) {
        return new JsonObjectBuilder()
                .string("ociVersion", config.ociVersion())
                .object("process", config.process(), ProcessJson::node)
                .object("root", config.root(), ConfigJson::node)
                .string("hostname", config.hostname())
                .string("domainname", config.domainname())
                .objects("mounts", config.mounts(), ConfigJson::node)
                .object("hooks", config.hooks(), ConfigJson::node)
                .stringMap("annotations", config.annotations())
                .object("linux", config.linux(), LinuxJson::node)
                .object("vm", config.vm(), VmJson::node)
                .node();
    }

    private static Root root(JsonObject json) {
        return new Root(json.string("path"), json.bool("readonly"));
    }

    private static ObjectNode node(Root root) {
        return new JsonObjectBuilder()
                .string("path", root.path())
                .bool("readonly", root.readonly())
                .node();
    }

    private static Mount mount(JsonObject json) {
        return new Mount(
                json.string("destination"),
                json.string("type"),
                json.string("source"),
                json.strings("options"),
                json.objects("uidMappings", ConfigJson::idMapping),
                json.objects("gidMappings", ConfigJson::idMapping));
    }

    private static ObjectNode node(Mount mount) {
        return new JsonObjectBuilder()
                .string("destination", mount.destination())
                .string("type", mount.type())
                .string("source", mount.source())
                .strings("options", mount.options())
                .objects("uidMappings", mount.uidMappings(), ConfigJson::node)
                .objects("gidMappings", mount.gidMappings(), ConfigJson::node)
                .node();
    }

    static IdMapping idMapping(JsonObject json) {
        return new IdMapping(json.uint32("containerID"), json.uint32("hostID"), json.uint32("size"));
    }

    static ObjectNode node(IdMapping mapping) {
        return new JsonObjectBuilder()
                .number("containerID", mapping.containerID())
                .number("hostID", mapping.hostID())
                .number("size", mapping.size())
                .node();
    }

    private static Hooks hooks(JsonObject json) {
        return new Hooks(
                json.objects("prestart", ConfigJson::hook),
                json.objects("createRuntime", ConfigJson::hook),
                json.objects("createContainer", ConfigJson::hook),
                json.objects("startContainer", ConfigJson::hook),
                json.objects("poststart", ConfigJson::hook),
                json.objects("poststop", ConfigJson::hook));
    }

    private static ObjectNode node(Hooks hooks) {
        return new JsonObjectBuilder()
                .objects("prestart", hooks.prestart(), ConfigJson::node)
                .objects("createRuntime", hooks.createRuntime(), ConfigJson::node)
                .objects("createContainer", hooks.createContainer(), ConfigJson::node)
                .objects("startContainer", hooks.startContainer(), ConfigJson::node)
                .objects("poststart", hooks.poststart(), ConfigJson::node)
                .objects("poststop", hooks.poststop(), ConfigJson::node)
                .node();
    }

    private static Hook hook(JsonObject json) {
        return new Hook(json.string("path"), json.strings("args"), json.strings("env"), json.int32("timeout"));
    }

    private static ObjectNode node(Hook hook) {
        return new JsonObjectBuilder()
                .string("path", hook.path())
                .strings("args", hook.args())
                .strings("env", hook.env())
                .number("timeout", hook.timeout())
                .node();
    }
}
