package dev.gantry.dsl.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.error.OciPath;
import dev.gantry.error.Problems;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.oci.codec.OciWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/**
 * What a definition says under the very names of the specification, as the JSON that it becomes. Types and ranges are
 * those of {@link OciReader}, which reads the whole at the end. Not thread-safe.
 */
final class OciAdditions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long NANOS_PER_MICRO = 1_000;

    private final ObjectNode tree = NODES.objectNode();

    /** Sets the member that a dotted path names; objects on the way are made. */
    void set(String path, Object value) {
        int dot = path.lastIndexOf('.');
        parent(dot < 0 ? "" : path.substring(0, dot)).set(path.substring(dot + 1), node(value));
    }

    /** Appends to the array that a dotted path names, after what the config has there. */
    void append(String path, Object value) {
        int dot = path.lastIndexOf('.');
        parent(dot < 0 ? "" : path.substring(0, dot))
                .withArray(path.substring(dot + 1))
                .add(node(value));
    }

    /** Sets an entry of a map whose keys may have dots in them. */
    void put(String path, String key, Object value) {
        parent(path).set(key, node(value));
    }

    /** Adds a tree of any shape: objects are merged, arrays appended, all else replaced. */
    void merge(ObjectNode other) {
        merge(tree, other);
    }

    /** Merges an object into the one that a dotted path names. */
    void mergeAt(String path, Map<String, ?> members) {
        merge(parent(path), (ObjectNode) node(members));
    }

    private ObjectNode parent(String path) {
        ObjectNode at = tree;
        for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            at = at.withObjectProperty(name);
        }
        return at;
    }

    /**
     * Returns the config with the additions.
     *
     * @param problems receives what is of the wrong type, and members that the specification does not have
     */
    OciConfig applyTo(OciConfig config, Problems problems) {
        if (tree.isEmpty()) {
            return config;
        }
        ObjectNode whole = OciWriter.node(config);
        merge(whole, tree);
        Problems found = new Problems();
        OciConfig read = OciReader.config(whole, found);
        found.all().forEach(problems::add);
        if (found.all().isEmpty()) {
            unknown(tree, OciWriter.node(read), OciPath.DOCUMENT, problems);
        }
        return read;
    }

    /** Reports what was said and is not there any more after reading and writing. */
    private static void unknown(JsonNode written, JsonNode kept, OciPath path, Problems problems) {
        for (Map.Entry<String, JsonNode> member : written.properties()) {
            JsonNode value = member.getValue();
            JsonNode found = kept.get(member.getKey());
            OciPath at = path.member(member.getKey());
            if (found == null) {
                boolean empty = value.isNull() || value.isContainerNode() && value.isEmpty();
                if (!empty) {
                    problems.error(
                            at.toString(), "`%s` is no property of the OCI specification".formatted(member.getKey()));
                }
            } else if (value.isObject()) {
                unknown(value, found, at, problems);
            } else if (value.isArray()) {
                unknownItems(value, found, at, problems);
            }
        }
    }

    private static void unknownItems(JsonNode written, JsonNode kept, OciPath path, Problems problems) {
        int offset = kept.size() - written.size(); // what was said comes after what was there
        for (int i = 0; i < written.size(); i++) {
            if (written.get(i).isObject() && offset >= 0) {
                unknown(written.get(i), kept.get(offset + i), path.item(offset + i), problems);
            }
        }
    }

    private static void merge(ObjectNode target, ObjectNode more) {
        for (Map.Entry<String, JsonNode> member : more.properties()) {
            JsonNode old = target.get(member.getKey());
            JsonNode value = member.getValue();
            if (old instanceof ObjectNode object && value instanceof ObjectNode addition) {
                merge(object, addition);
            } else if (old instanceof ArrayNode array && value instanceof ArrayNode items) {
                array.addAll(items);
            } else {
                target.set(member.getKey(), value.deepCopy());
            }
        }
    }

    /**
     * Returns a value of a script as JSON: sizes in bytes, lengths of time in microseconds.
     *
     * @throws IllegalArgumentException if it has no such form
     */
    static JsonNode node(Object value) {
        if (value == null) {
            return NODES.nullNode();
        } else if (value instanceof JsonNode node) {
            return node;
        } else if (value instanceof CharSequence text) {
            return NODES.textNode(text.toString());
        } else if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        } else if (value instanceof BigInteger number) {
            return NODES.numberNode(number);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Short) {
            return NODES.numberNode(((Number) value).longValue());
        } else if (value instanceof ByteSize size) {
            return NODES.numberNode(size.bytes());
        } else if (value instanceof Duration time) {
            return NODES.numberNode(time.toNanos() / NANOS_PER_MICRO);
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((key, member) -> object.set(String.valueOf(key), node(member)));
            return object;
        } else if (value instanceof Collection<?> items) {
            ArrayNode array = NODES.arrayNode();
            for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
                array.add(node(each.next()));
            }
            return array;
        }
        throw new IllegalArgumentException("%s has no form in JSON".formatted(Kinds.ofValue(value)));
    }
}
