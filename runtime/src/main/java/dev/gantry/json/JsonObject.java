package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.Problems;
import dev.gantry.error.Shown;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes typed members out of one object of a document and reports what does not fit, with its OCI path, instead of
 * throwing. Every method returns null for a member that is absent, JSON null or reported.
 *
 * <p>A member is looked up by its exact name, then without regard to case: Go's decoder takes either, and callers of
 * {@code runc} rely on it. Members that nobody asks for are ignored.
 */
public final class JsonObject {
    private static final long MAX_UINT16 = 0xffffL;
    private static final long MAX_UINT32 = 0xffff_ffffL;
    private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final ObjectNode node;
    private final String path;
    private final Problems problems;

    private JsonObject(ObjectNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /**
     * Returns a view of a whole document. If that is not an object, reports so and returns a view of an empty one.
     *
     * @param path the OCI path of the document, empty for a {@code config.json}
     */
    public static JsonObject of(JsonNode node, String path, Problems problems) {
        if (node instanceof ObjectNode object) {
            return new JsonObject(object, path, problems);
        }
        problems.error(path, "the document must be an object, not `%s`".formatted(shown(node)));
        return new JsonObject(JsonNodeFactory.instance.objectNode(), path, problems);
    }

    public Boolean bool(String name) {
        return read(name, this::bool);
    }

    /** Reads text. An empty one counts as absent: Go, in which most callers are written, cannot tell them apart. */
    public String string(String name) {
        String text = read(name, this::text);
        return text == null || text.isEmpty() ? null : text;
    }

    public Long int64(String name) {
        return read(name, (label, value) -> whole(label, value, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    public Integer int32(String name) {
        Long number = read(name, (label, value) -> whole(label, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        return number == null ? null : Integer.valueOf(number.intValue());
    }

    public Integer uint16(String name) {
        Long number = read(name, (label, value) -> whole(label, value, 0, MAX_UINT16));
        return number == null ? null : Integer.valueOf(number.intValue());
    }

    public Long uint32(String name) {
        return read(name, this::uint32);
    }

    /**
     * Reads an unsigned 64-bit number of which the upper half has no use, such as a period or a size. More than 2^63-1
     * is a problem, so that the result can be compared and computed with like any other number.
     */
    public Long uint64(String name) {
        return read(name, (label, value) -> whole(label, value, 0, Long.MAX_VALUE));
    }

    /**
     * Reads an unsigned 64-bit number whose whole range the kernel takes: limits, where 2^64-1 is "no limit", and
     * system call arguments. From 2^63 on the result is negative; see {@link Long#toUnsignedString(long)}.
     */
    public Long uint64Bits(String name) {
        return read(name, this::uint64Bits);
    }

    /** Reads a constant of a closed set by its {@link NamedConstant#ociName()}. */
    public <E extends Enum<E> & NamedConstant> E constant(String name, Class<E> type) {
        return string(name) == null ? null : read(name, (label, value) -> constant(label, value, type));
    }

    public <E extends Enum<E> & NamedConstant> List<E> constants(String name, Class<E> type) {
        return list(name, (label, value) -> constant(label, value, type));
    }

    public List<String> strings(String name) {
        return list(name, this::text);
    }

    public List<Long> uint32s(String name) {
        return list(name, this::uint32);
    }

    /** Reads an object of texts, in the order of the document. */
    public Map<String, String> stringMap(String name) {
        return map(name, this::text);
    }

    public <T> T object(String name, Function<JsonObject, T> reader) {
        return read(name, (label, value) -> object(label, value, reader));
    }

    public <T> List<T> objects(String name, Function<JsonObject, T> reader) {
        return list(name, (label, value) -> object(label, value, reader));
    }

    /** Reads an object whose values are objects, in the order of the document. */
    public <T> Map<String, T> objectMap(String name, Function<JsonObject, T> reader) {
        return map(name, (label, value) -> object(label, value, reader));
    }

    private Boolean bool(String label, JsonNode value) {
        return value.isBoolean() ? Boolean.valueOf(value.booleanValue()) : wrong(label, "true or false", value);
    }

    private String text(String label, JsonNode value) {
        if (!value.isTextual()) {
            return wrong(label, "a string", value);
        }
        String text = value.textValue();
        return isUsable(text) ? text : wrong(label, "text without NUL characters and half characters", value);
    }

    /** No text of a config can reach the kernel with a NUL, and half a surrogate pair has no form in UTF-8. */
    private static boolean isUsable(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private Long uint32(String label, JsonNode value) {
        return whole(label, value, 0, MAX_UINT32);
    }

    private Long whole(String label, JsonNode value, long min, long max) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            long number = value.longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        return wrong(label, "a whole number from " + min + " to " + max, value);
    }

    private Long uint64Bits(String label, JsonNode value) {
        if (value.isIntegralNumber()) {
            BigInteger number = value.bigIntegerValue();
            if (number.signum() >= 0 && number.compareTo(MAX_UINT64) <= 0) {
                return number.longValue();
            }
        }
        return wrong(label, "a whole number from 0 to " + MAX_UINT64, value);
    }

    private <E extends Enum<E> & NamedConstant> E constant(String label, JsonNode value, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (value.isTextual() && constant.ociName().equals(value.textValue())) {
                return constant;
            }
        }
        String names = Arrays.stream(type.getEnumConstants())
                .map(constant -> "`" + constant.ociName() + "`")
                .collect(Collectors.joining(", "));
        return wrong(label, "one of " + names, value);
    }

    private <T> T object(String label, JsonNode value, Function<JsonObject, T> reader) {
        return value instanceof ObjectNode object
                ? reader.apply(new JsonObject(object, pathOf(label), problems))
                : wrong(label, "an object", value);
    }

    private <T> T read(String name, BiFunction<String, JsonNode, T> reader) {
        JsonNode value = member(name);
        return value == null ? null : reader.apply(name, value);
    }

    private <T> List<T> list(String name, BiFunction<String, JsonNode, T> reader) {
        return read(
                name, (label, value) -> value.isArray() ? items(label, value, reader) : wrong(label, "a list", value));
    }

    private <T> List<T> items(String label, JsonNode array, BiFunction<String, JsonNode, T> reader) {
        List<T> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            T item = reader.apply(label + "[" + i + "]", array.get(i));
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private <T> Map<String, T> map(String name, BiFunction<String, JsonNode, T> reader) {
        return read(
                name,
                (label, value) -> value.isObject() ? entries(label, value, reader) : wrong(label, "an object", value));
    }

    private <T> Map<String, T> entries(String label, JsonNode object, BiFunction<String, JsonNode, T> reader) {
        Map<String, T> entries = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            String key = entry.getKey();
            String keyLabel = label + "[" + Shown.shortened(key) + "]";
            if (!isUsable(key)) {
                problems.error(pathOf(keyLabel), "`%s` has a NUL or half a character in its name".formatted(keyLabel));
                return;
            }
            T value = reader.apply(keyLabel, entry.getValue());
            if (value != null) {
                entries.put(key, value);
            }
        });
        return entries;
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

    private <T> T wrong(String label, String expected, JsonNode value) {
        problems.error(pathOf(label), "`%s` must be %s, not `%s`".formatted(label, expected, shown(value)));
        return null;
    }

    private static String shown(JsonNode value) {
        return Shown.shortened(Json.compact(value));
    }

    private String pathOf(String label) {
        return path.isEmpty() ? label : path + "." + label;
    }
}
