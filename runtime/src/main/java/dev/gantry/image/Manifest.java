package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an image is made of: its config and its layers, the lowest first. */
public record Manifest(Descriptor config, List<Descriptor> layers) {
    static final String MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
    static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

    /** How large a manifest, an index or a config may be, in bytes. */
    static final int MAX_DOCUMENT_BYTES = 4 << 20;

    private static final int MAX_LAYERS = 500;

    public Manifest {
        layers = List.copyOf(layers);
    }

    static Manifest of(JsonNode node, String what) {
        if (!node.path("config").isObject() || !node.path("layers").isArray()) {
            throw new ContainerException(ErrorKind.IMAGE, "%s: it is no manifest of an image".formatted(what));
        }
        List<Descriptor> layers = new ArrayList<>();
        node.path("layers").forEach(layer -> layers.add(Descriptor.of(layer, what)));
        if (layers.size() > MAX_LAYERS) {
            throw new ContainerException(ErrorKind.IMAGE, "%s: it has more than %d layers".formatted(what, MAX_LAYERS));
        }
        return new Manifest(Descriptor.of(node.path("config"), what), layers);
    }

    /** Returns the document. */
    byte[] bytes() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("schemaVersion", 2).put("mediaType", MEDIA_TYPE);
        node.set("config", config.node());
        layers.forEach(layer -> node.withArray("layers").add(layer.node()));
        return Json.compact(node).getBytes(StandardCharsets.UTF_8);
    }
}
