package dev.gantry.dsl.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.error.ConfigException;
import dev.gantry.json.Json;
import groovy.lang.Closure;
import groovy.transform.NamedParam;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The words of {@code container('id') { }} that say one property of the specification as it is, whatever else is said,
 * and {@code raw}, which says any.
 */
public abstract sealed class PropertiesDsl extends DslSupport permits ContainerDsl {
    private final Map<String, String> annotationEntries = new LinkedHashMap<>();
    private final Map<String, String> sysctlEntries = new LinkedHashMap<>();

    PropertiesDsl(Recorder recorder) {
        super(recorder);
    }

    @Keyword(value = "Sets the version of the specification.", example = "ociVersion '1.2.0'")
    public void ociVersion(String version) {
        property("ociVersion", "ociVersion", version);
    }

    @Keyword(
            value = "Makes a device.",
            example = "device '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 0666")
    public void device(
            @NamedParam("type")
                    @NamedParam("major")
                    @NamedParam("minor")
                    @NamedParam("fileMode")
                    @NamedParam("uid")
                    @NamedParam("gid")
                    Map<String, ?> options,
            String path) {
        if (takes("device", path)) {
            Options given = Options.of(this, "device", options);
            if (!given.isGiven("type")) {
                wrong("device", path, "needs `type:`");
                return;
            }
            Map<String, Object> device = new LinkedHashMap<>(options);
            device.put("path", path);
            place("linux.devices");
            recorder().additions().append("linux.devices", device);
        }
    }

    @Keyword(
            value = "Moves a network device of this machine into the container.",
            example = "netDevice 'eth1', name: 'eth0'")
    public void netDevice(@NamedParam("name") Map<String, ?> options, String device) {
        if (takes("netDevice", device)) {
            Options.of(this, "netDevice", options);
            place("linux.netDevices");
            recorder().additions().put("linux.netDevices", device, options);
        }
    }

    /** Moves a network device of this machine into the container, under its own name. */
    public void netDevice(String device) {
        netDevice(Map.of(), device);
    }

    @Keyword(value = "Sets how mounts spread: 'private', 'slave', 'shared' ...", example = "rootfsPropagation 'rslave'")
    public void rootfsPropagation(String kind) {
        property("rootfsPropagation", "linux.rootfsPropagation", kind);
    }

    @Keyword(
            value = "Sets the SELinux label of mounts.",
            example = "mountLabel 'system_u:object_r:container_file_t:s0'")
    public void mountLabel(String label) {
        property("mountLabel", "linux.mountLabel", label);
    }

    @Keyword(
            value = "Sets cache and memory bandwidth by Intel RDT.",
            example = "intelRdt closID: 'batch', schemata: ['L3:0=f']")
    public void intelRdt(
            @NamedParam("closID")
                    @NamedParam("schemata")
                    @NamedParam("l3CacheSchema")
                    @NamedParam("memBwSchema")
                    @NamedParam("enableMonitoring")
                    Map<String, ?> options) {
        object("intelRdt", "linux.intelRdt", options);
    }

    @Keyword(value = "Sets the NUMA memory policy.", example = "memoryPolicy mode: 'MPOL_BIND', nodes: '0'")
    public void memoryPolicy(@NamedParam("mode") @NamedParam("nodes") @NamedParam("flags") Map<String, ?> options) {
        object("memoryPolicy", "linux.memoryPolicy", options);
    }

    @Keyword(value = "Sets the execution domain.", example = "personality domain: 'LINUX32'")
    public void personality(@NamedParam("domain") @NamedParam("flags") Map<String, ?> options) {
        object("personality", "linux.personality", options);
    }

    @Keyword(
            value = "Moves the clocks of a time namespace.",
            example = "timeOffsets monotonic: [secs: 86400], boottime: [secs: 86400]")
    public void timeOffsets(@NamedParam("monotonic") @NamedParam("boottime") Map<String, ?> options) {
        object("timeOffsets", "linux.timeOffsets", options);
    }

    /** Merges a tree of the specification: objects are merged, lists appended, all else replaced. */
    @Keyword(
            value = "Merges properties by the specification's own names: a map, JSON text, or a block that returns"
                    + " one.",
            example = "raw linux: [intelRdt: [closID: 'batch']]")
    public void raw(Map<?, ?> tree) {
        if (takes("raw", tree)) {
            try {
                merge(OciAdditions.node(tree));
            } catch (IllegalArgumentException e) {
                wrong("raw", "raw", "cannot take this: %s".formatted(e.getMessage()));
            }
        }
    }

    /** Merges a JSON object. */
    public void raw(String json) {
        if (takes("raw", json)) {
            try {
                merge(Json.parse(json.getBytes(StandardCharsets.UTF_8), "JSON"));
            } catch (ConfigException e) {
                wrong("raw", "raw", "cannot take this: %s".formatted(e.getMessage()));
            }
        }
    }

    /** Merges the map or the JSON text that the block returns. */
    public void raw(Closure<?> body) {
        Object value = body.call();
        if (value instanceof Map<?, ?> map) {
            raw(map);
        } else if (value instanceof CharSequence text) {
            raw(text.toString());
        } else {
            wrong(
                    "raw",
                    "raw",
                    "needs a block that returns a map or JSON text, not %s".formatted(Kinds.ofValue(value)));
        }
    }

    /** Does the same for callers in Java. */
    public void raw(Consumer<? super Map<String, Object>> body) {
        Map<String, Object> tree = new LinkedHashMap<>();
        body.accept(tree);
        raw(tree);
    }

    private void merge(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            placeAll("", object);
            recorder().additions().merge(object);
        } else {
            wrong("raw", "raw", "needs a JSON object");
        }
    }

    private void placeAll(String prefix, ObjectNode tree) {
        tree.properties().forEach(member -> {
            String path = prefix + member.getKey();
            if (member.getValue() instanceof ObjectNode object) {
                placeAll(path + ".", object);
            }
            place(path);
        });
    }

    @Keyword(value = "Adds annotations.", example = "annotations 'org.example.team': 'ci'")
    public void annotations(Map<?, ?> entries) {
        put("annotations", "annotations", entries, annotationEntries);
    }

    @Keyword(
            value = "Sets kernel parameters of the container's namespaces.",
            example = "sysctl 'net.core.somaxconn': 512")
    public void sysctl(Map<?, ?> entries) {
        put("sysctl", "linux.sysctl", entries, sysctlEntries);
    }

    private void put(String keyword, String ociPath, Map<?, ?> entries, Map<String, String> target) {
        entries.forEach((name, value) -> {
            if (takes(keyword, value)) {
                target.put(name.toString(), value.toString());
                place(ociPath);
                place("%s.%s".formatted(ociPath, name));
            }
        });
    }

    /** Returns the annotations that are said so far; may be added to. */
    final Map<String, String> annotationEntries() {
        return annotationEntries;
    }

    final Map<String, String> sysctlEntries() {
        return sysctlEntries;
    }
}
