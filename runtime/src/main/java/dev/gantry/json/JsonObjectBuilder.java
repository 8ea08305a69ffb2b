package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Builds one object of a document, member by member in the order of the calls: the way back of {@link JsonObject}.
 * Leaves out what is null, and lists and maps that are empty.
 */
public final class JsonObjectBuilder {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode node = NODES.objectNode();

    /** Writes true or false. */
    public JsonObjectBuilder bool(String name, Boolean value) {
        return value == null ? this : set(name, NODES.booleanNode(value));
    }

    /** Writes text, an empty one too. */
    public JsonObjectBuilder string(String name, String value) {
        return value == null ? this : set(name, NODES.textNode(value));
    }

    /** Writes a number. */
    public JsonObjectBuilder number(String name, Integer value) {
        return value == null ? this : set(name, NODES.numberNode(value.intValue()));
    }

    /** Writes a number. */
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

    /** Writes a constant by its {@link NamedConstant#ociName()}. */
    public JsonObjectBuilder constant(String name, NamedConstant value) {
        return value == null ? this : string(name, value.ociName());
    }

    /** Writes an object. */
    public <T> JsonObjectBuilder object(String name, T value, JsonCodec<T> codec) {
        return value == null ? this : set(name, codec.write(value));
    }

    /** Writes a list of constants. */
    public JsonObjectBuilder constants(String name, List<? extends NamedConstant> values) {
        return values.isEmpty() ? this : constantsIfPresent(name, values);
    }

    /** Writes a list of constants, an empty one too; leaves out only null. For a member where the two differ. */
    public JsonObjectBuilder constantsIfPresent(String name, List<? extends NamedConstant> values) {
        if (values == null) {
            return this;
        }
        ArrayNode array = NODES.arrayNode(values.size());
        for (NamedConstant value : values) {
            array.add(value.ociName());
        }
        return set(name, array);
    }

    /** Writes a list of texts. */
    public JsonObjectBuilder strings(String name, List<String> values) {
        return values.isEmpty() ? this : stringsIfPresent(name, values);
    }

    /** Writes a list of texts, an empty one too; leaves out only null. For a member where the two differ. */
    public JsonObjectBuilder stringsIfPresent(String name, List<String> values) {
        if (values == null) {
            return this;
        }
        ArrayNode array = NODES.arrayNode(values.size());
        for (String value : values) {
            array.add(value);
        }
        return set(name, array);
    }

    /** Writes a list of numbers. */
    public JsonObjectBuilder numbers(String name, List<Long> values) {
        ArrayNode array = NODES.arrayNode(values.size());
        for (Long value : values) {
            array.add(value);
        }
        return setUnlessEmpty(name, array);
    }

    /** Writes a list of objects. */
    public <T> JsonObjectBuilder objects(String name, List<T> values, JsonCodec<T> codec) {
        ArrayNode array = NODES.arrayNode(values.size());
        for (T value : values) {
            array.add(codec.write(value));
        }
        return setUnlessEmpty(name, array);
    }

    /** Writes an object whose members are texts. */
    public JsonObjectBuilder stringMap(String name, Map<String, String> values) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            object.put(entry.getKey(), entry.getValue());
        }
        return setUnlessEmpty(name, object);
    }

    /** Writes an object whose members are objects. */
    public <T> JsonObjectBuilder objectMap(String name, Map<String, T> values, JsonCodec<T> codec) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, T> entry : values.entrySet()) {
            object.set(entry.getKey(), codec.write(entry.getValue()));
        }
        return setUnlessEmpty(name, object);
    }

    /** Returns the object, which further calls go on changing. */
    public ObjectNode node() {
        return node;
    }

    private JsonObjectBuilder setUnlessEmpty(String name, JsonNode value) {
        return value.isEmpty() ? this : set(name, value);
    }

    private JsonObjectBuilder set(String name, JsonNode value) {
        node.set(name, value);
        return this;
    }
}
