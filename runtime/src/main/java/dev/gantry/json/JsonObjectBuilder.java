package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Builds one object of a document, member by member in the order of the calls: the way back of {@link JsonObject}.
 * Leaves out what is null, and lists and maps that are empty.
 */
public final class JsonObjectBuilder {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode node = NODES.objectNode();

    public JsonObjectBuilder bool(String name, Boolean value) {
        return value == null ? this : set(name, NODES.booleanNode(value));
    }

    public JsonObjectBuilder string(String name, String value) {
        return value == null ? this : set(name, NODES.textNode(value));
    }

    public JsonObjectBuilder number(String name, Integer value) {
        return value == null ? this : set(name, NODES.numberNode(value.intValue()));
    }

    public JsonObjectBuilder number(String name, Long value) {
        return value == null ? this : set(name, NODES.numberNode(value.longValue()));
    }

    /** Writes a number that {@link JsonObject#uint64Bits} reads: a negative one stands for 2^63 and more. */
    public JsonObjectBuilder uint64Bits(String name, Long value) {
        if (value == null || value >= 0) {
            return number(name, value);
        }
        return set(name, NODES.numberNode(new BigInteger(Long.toUnsignedString(value))));
    }

    public JsonObjectBuilder constant(String name, NamedConstant value) {
        return value == null ? this : string(name, value.ociName());
    }

    public JsonObjectBuilder constants(String name, List<? extends NamedConstant> values) {
        return items(name, values, constant -> NODES.textNode(constant.ociName()));
    }

    /** Writes an empty list too, and leaves out only null: for a member where the two differ. */
    public JsonObjectBuilder constantsIfPresent(String name, List<? extends NamedConstant> values) {
        return values == null ? this : set(name, array(values, constant -> NODES.textNode(constant.ociName())));
    }

    public JsonObjectBuilder strings(String name, List<String> values) {
        return items(name, values, NODES::textNode);
    }

    public JsonObjectBuilder numbers(String name, List<Long> values) {
        return items(name, values, value -> NODES.numberNode(value.longValue()));
    }

    public JsonObjectBuilder stringMap(String name, Map<String, String> values) {
        return entries(name, values, NODES::textNode);
    }

    public <T> JsonObjectBuilder object(String name, T value, Function<T, ObjectNode> writer) {
        return value == null ? this : set(name, writer.apply(value));
    }

    public <T> JsonObjectBuilder objects(String name, List<T> values, Function<T, ObjectNode> writer) {
        return items(name, values, writer);
    }

    public <T> JsonObjectBuilder objectMap(String name, Map<String, T> values, Function<T, ObjectNode> writer) {
        return entries(name, values, writer);
    }

    public ObjectNode node() {
        return node;
    }

    private <T> JsonObjectBuilder items(String name, List<T> values, Function<T, ? extends JsonNode> writer) {
        return values.isEmpty() ? this : set(name, array(values, writer));
    }

    private static <T> ArrayNode array(List<T> values, Function<T, ? extends JsonNode> writer) {
        ArrayNode array = NODES.arrayNode(values.size());
        values.forEach(value -> array.add(writer.apply(value)));
        return array;
    }

    private <T> JsonObjectBuilder entries(String name, Map<String, T> values, Function<T, ? extends JsonNode> writer) {
        if (values.isEmpty()) {
            return this;
        }
        ObjectNode object = NODES.objectNode();
        values.forEach((key, value) -> object.set(key, writer.apply(value)));
        return set(name, object);
    }

    private JsonObjectBuilder set(String name, JsonNode value) {
        node.set(name, value);
        return this;
    }
}
