package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a document says of a content that lies elsewhere.
 *
 * @param size in bytes
 */
public record Descriptor(
        String mediaType, Digest digest, long size, Map<String, String> annotations, Platform platform) {
    static final String NAME = "org.opencontainers.image.ref.name";

    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    static Descriptor of(JsonNode node, String what) {
        Map<String, String> annotations = new LinkedHashMap<>();
        node.path("annotations")
                .properties()
                .forEach(entry ->
                        annotations.put(entry.getKey(), entry.getValue().asText()));
        long size = node.path("size").asLong(-1);
        if (size < 0) {
            throw new ContainerException(ErrorKind.IMAGE, "%s: a content without a size".formatted(what));
        }
        return new Descriptor(
                node.path("mediaType").asText(""),
                Digest.of(node.path("digest").asText(""), what),
                size,
                annotations,
                node.has("platform") ? Platform.of(node.path("platform")) : null);
    }

    /** Returns whether it is a list of manifests and no manifest. */
    boolean isIndex() {
        return mediaType.contains("image.index") || mediaType.contains("manifest.list");
    }

    ObjectNode node() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("mediaType", mediaType).put("digest", digest.toString()).put("size", size);
        if (!annotations.isEmpty()) {
            ObjectNode map = node.putObject("annotations");
            annotations.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        }
        return node;
    }
}
