package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.OciPath;
import dev.gantry.error.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes typed members out of one object of a document and reports what does not fit, with its OCI path, instead of
 * throwing. A member that is absent, JSON null or reported is null; a list or map of that kind is empty, and lacks the
 * items that were reported.
 *
 * <p>A member is looked up by its exact name, then without regard to case: Go's decoder takes either, and callers of
 * {@code runc} rely on it. Members that nobody asks for are ignored.
 */
public final class JsonObject {
    private final ObjectNode node;
    private final OciPath path;
    private final JsonValues values;

    private JsonObject(ObjectNode node, OciPath path, JsonValues values) {
        this.node = node;
        this.path = path;
        this.values = values;
    }

    /**
     * Returns a view of a whole document. If that is not an object, reports so and returns a view of an empty one.
     *
     * @param path the OCI path of the document, empty for a {@code config.json}
     */
    public static JsonObject of(JsonNode node, String path, Problems problems) {
        OciPath place = path.isEmpty() ? OciPath.DOCUMENT : OciPath.DOCUMENT.member(path);
        JsonValues values = new JsonValues(problems);
        ObjectNode object = values.document(place, node);
        return new JsonObject(object == null ? JsonNodeFactory.instance.objectNode() : object, place, values);
    }

    /** Returns whether the member is there and not JSON null. */
    public boolean has(String name) {
        return member(name) != null;
    }

    /** Reads true or false. */
    public Boolean bool(String name) {
        JsonNode value = member(name);
        return value == null ? null : values.bool(path.member(name), value);
    }

    /** Reads text. An empty one counts as absent: Go, in which most callers are written, cannot tell them apart. */
    public String string(String name) {
        JsonNode value = member(name);
        String text = value == null ? null : values.text(path.member(name), value);
        return text == null || text.isEmpty() ? null : text;
    }

    /** Reads a whole number from -2^63 to 2^63-1. */
    public Long int64(String name) {
        return whole(name, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Reads a whole number from -2^31 to 2^31-1. */
    public Integer int32(String name) {
        Long number = whole(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return number == null ? null : Integer.valueOf(number.intValue());
    }

    /** Reads a whole number from 0 to 65535. */
    public Integer uint16(String name) {
        Long number = whole(name, 0, 0xffff);
        return number == null ? null : Integer.valueOf(number.intValue());
    }

    /** Reads a whole number from 0 to 2^32-1. */
    public Long uint32(String name) {
        return whole(name, 0, JsonValues.MAX_UINT32);
    }

    /**
     * Reads an unsigned 64-bit number of which the upper half has no use, such as a period or a size. More than 2^63-1
     * is a problem, so that the result can be compared and computed with like any other number.
     */
    public Long uint64(String name) {
        return whole(name, 0, Long.MAX_VALUE);
    }

    /**
     * Reads an unsigned 64-bit number whose whole range the kernel takes: limits, where 2^64-1 is "no limit", and
     * system call arguments. From 2^63 on the result is negative; see {@link Long#toUnsignedString(long)}.
     */
    public Long uint64Bits(String name) {
        JsonNode value = member(name);
        return value == null ? null : values.uint64Bits(path.member(name), value);
    }

    /** Reads a constant of a closed set by its {@link NamedConstant#ociName()}. Empty text counts as absent. */
    public <E extends Enum<E> & NamedConstant> E constant(String name, Class<E> type) {
        return string(name) == null ? null : values.constant(path.member(name), member(name), type);
    }

    /** Reads an object. */
    public <T> T object(String name, JsonCodec<T> codec) {
        JsonNode value = member(name);
        return value == null ? null : object(path.member(name), value, codec);
    }

    /** Reads a list of constants. */
    public <E extends Enum<E> & NamedConstant> List<E> constants(String name, Class<E> type) {
        List<E> constants = new ArrayList<>();
        OciPath place = path.member(name);
        int index = 0;
        for (JsonNode item : list(name)) {
            addIfPresent(constants, values.constant(place.item(index++), item, type));
        }
        return constants;
    }

    /** Reads a list of texts; empty ones are kept. */
    public List<String> strings(String name) {
        List<String> strings = new ArrayList<>();
        OciPath place = path.member(name);
        int index = 0;
        for (JsonNode item : list(name)) {
            addIfPresent(strings, values.text(place.item(index++), item));
        }
        return strings;
    }

    /** Reads a list of whole numbers from 0 to 2^32-1. */
    public List<Long> uint32s(String name) {
        List<Long> numbers = new ArrayList<>();
        OciPath place = path.member(name);
        int index = 0;
        for (JsonNode item : list(name)) {
            addIfPresent(numbers, values.whole(place.item(index++), item, 0, JsonValues.MAX_UINT32));
        }
        return numbers;
    }

    /** Reads a list of objects. */
    public <T> List<T> objects(String name, JsonCodec<T> codec) {
        List<T> objects = new ArrayList<>();
        OciPath place = path.member(name);
        int index = 0;
        for (JsonNode item : list(name)) {
            addIfPresent(objects, object(place.item(index++), item, codec));
        }
        return objects;
    }

    /** Reads an object whose members are texts, in the order of the document. */
    public Map<String, String> stringMap(String name) {
        Map<String, String> strings = new LinkedHashMap<>();
        OciPath place = path.member(name);
        for (Map.Entry<String, JsonNode> entry : map(name)) {
            putIfPresent(strings, place, entry.getKey(), values.text(place.entry(entry.getKey()), entry.getValue()));
        }
        return strings;
    }

    /** Reads an object whose members are objects, in the order of the document. */
    public <T> Map<String, T> objectMap(String name, JsonCodec<T> codec) {
        Map<String, T> objects = new LinkedHashMap<>();
        OciPath place = path.member(name);
        for (Map.Entry<String, JsonNode> entry : map(name)) {
            putIfPresent(objects, place, entry.getKey(), object(place.entry(entry.getKey()), entry.getValue(), codec));
        }
        return objects;
    }

    private Long whole(String name, long min, long max) {
        JsonNode value = member(name);
        return value == null ? null : values.whole(path.member(name), value, min, max);
    }

    private <T> T object(OciPath place, JsonNode value, JsonCodec<T> codec) {
        ObjectNode object = values.object(place, value);
        return object == null ? null : codec.read(new JsonObject(object, place, values));
    }

    private Iterable<JsonNode> list(String name) {
        JsonNode value = member(name);
        return value == null ? List.of() : values.list(path.member(name), value);
    }

    private Iterable<Map.Entry<String, JsonNode>> map(String name) {
        JsonNode value = member(name);
        ObjectNode object = value == null ? null : values.object(path.member(name), value);
        return object == null ? List.of() : object.properties();
    }

    private static <T> void addIfPresent(List<T> items, T item) {
        if (item != null) {
            items.add(item);
        }
    }

    private <T> void putIfPresent(Map<String, T> entries, OciPath place, String key, T value) {
        if (value != null && values.isKey(place, key)) {
            entries.put(key, value);
        }
    }

    private JsonNode member(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            value = memberInAnyCase(name);
        }
        return value == null || value.isNull() ? null : value;
    }

    private JsonNode memberInAnyCase(String name) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getKey().equalsIgnoreCase(name)) {
                return member.getValue();
            }
        }
        return null;
    }
}
