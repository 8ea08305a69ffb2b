package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.Hook;
import dev.gantry.oci.Hooks;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Root;

/** Reads and writes the top level of a {@code config.json}: root, mounts, hooks. */
final class ConfigJson {
    private ConfigJson() {}

    static final class OciConfigCodec implements JsonCodec<OciConfig> {
        @Override
        public OciConfig read(JsonObject json) {
            return new OciConfig(
                    json.string("ociVersion"),
                    json.object("process", new ProcessJson.ProcessCodec()),
                    json.object("root", new RootCodec()),
                    json.string("hostname"),
                    json.string("domainname"),
                    json.objects("mounts", new MountCodec()),
                    json.object("hooks", new HooksCodec()),
                    json.stringMap("annotations"),
                    json.object("linux", new LinuxJson.LinuxCodec()),
                    json.object("vm", new VmJson.VmCodec()));
        }

        @Override
        public ObjectNode write(OciConfig config) {
            return new JsonObjectBuilder()
                    .string("ociVersion", config.ociVersion())
                    .object("process", config.process(), new ProcessJson.ProcessCodec())
                    .object("root", config.root(), new RootCodec())
                    .string("hostname", config.hostname())
                    .string("domainname", config.domainname())
                    .objects("mounts", config.mounts(), new MountCodec())
                    .object("hooks", config.hooks(), new HooksCodec())
                    .stringMap("annotations", config.annotations())
                    .object("linux", config.linux(), new LinuxJson.LinuxCodec())
                    .object("vm", config.vm(), new VmJson.VmCodec())
                    .node();
        }
    }

    static final class RootCodec implements JsonCodec<Root> {
        @Override
        public Root read(JsonObject json) {
            return new Root(json.string("path"), json.bool("readonly"));
        }

        @Override
        public ObjectNode write(Root root) {
            return new JsonObjectBuilder()
                    .string("path", root.path())
                    .bool("readonly", root.readonly())
                    .node();
        }
    }

    static final class MountCodec implements JsonCodec<Mount> {
        @Override
        public Mount read(JsonObject json) {
            return new Mount(
                    json.string("destination"),
                    json.string("type"),
                    json.string("source"),
                    json.strings("options"),
                    json.objects("uidMappings", new IdMappingCodec()),
                    json.objects("gidMappings", new IdMappingCodec()));
        }

        @Override
        public ObjectNode write(Mount mount) {
            return new JsonObjectBuilder()
                    .string("destination", mount.destination())
                    .string("type", mount.type())
                    .string("source", mount.source())
                    .strings("options", mount.options())
                    .objects("uidMappings", mount.uidMappings(), new IdMappingCodec())
                    .objects("gidMappings", mount.gidMappings(), new IdMappingCodec())
                    .node();
        }
    }

    static final class IdMappingCodec implements JsonCodec<IdMapping> {
        @Override
        public IdMapping read(JsonObject json) {
            return new IdMapping(json.uint32("containerID"), json.uint32("hostID"), json.uint32("size"));
        }

        @Override
        public ObjectNode write(IdMapping mapping) {
            return new JsonObjectBuilder()
                    .number("containerID", mapping.containerID())
                    .number("hostID", mapping.hostID())
                    .number("size", mapping.size())
                    .node();
        }
    }

    static final class HooksCodec implements JsonCodec<Hooks> {
        @Override
        public Hooks read(JsonObject json) {
            return new Hooks(
                    json.objects("prestart", new HookCodec()),
                    json.objects("createRuntime", new HookCodec()),
                    json.objects("createContainer", new HookCodec()),
                    json.objects("startContainer", new HookCodec()),
                    json.objects("poststart", new HookCodec()),
                    json.objects("poststop", new HookCodec()));
        }

        @Override
        public ObjectNode write(Hooks hooks) {
            return new JsonObjectBuilder()
                    .objects("prestart", hooks.prestart(), new HookCodec())
                    .objects("createRuntime", hooks.createRuntime(), new HookCodec())
                    .objects("createContainer", hooks.createContainer(), new HookCodec())
                    .objects("startContainer", hooks.startContainer(), new HookCodec())
                    .objects("poststart", hooks.poststart(), new HookCodec())
                    .objects("poststop", hooks.poststop(), new HookCodec())
                    .node();
        }
    }

    static final class HookCodec implements JsonCodec<Hook> {
        @Override
        public Hook read(JsonObject json) {
            return new Hook(
                    json.string("path"),
                    json.strings("args"),
                    json.has("env") ? json.strings("env") : null,
                    json.int32("timeout"));
        }

        @Override
        public ObjectNode write(Hook hook) {
            return new JsonObjectBuilder()
                    .string("path", hook.path())
                    .strings("args", hook.args())
                    .stringsIfPresent("env", hook.env())
                    .number("timeout", hook.timeout())
                    .node();
        }
    }
}
