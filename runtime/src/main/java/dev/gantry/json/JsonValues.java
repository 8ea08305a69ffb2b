package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.OciPath;
import dev.gantry.error.Problems;
import dev.gantry.error.Shown;
import dev.gantry.wire.RawText;
import java.math.BigInteger;
import java.util.List;
import java.util.StringJoiner;

/** Reads single values; reports one that is not of the wanted type and returns null for it. */
final class JsonValues {
    static final long MAX_UINT32 = 0xffff_ffffL;
    private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final Problems problems;

    JsonValues(Problems problems) {
        this.problems = problems;
    }

    Boolean bool(OciPath place, JsonNode value) {
        return value.isBoolean() ? Boolean.valueOf(value.booleanValue()) : wrong(place, "true or false", value);
    }

    String text(OciPath place, JsonNode value) {
        if (!value.isTextual()) {
            return wrong(place, "a string", value);
        }
        String text = value.textValue();
        return isUsable(text) ? text : wrong(place, "text without NUL characters and half characters", value);
    }

    Long whole(OciPath place, JsonNode value, long min, long max) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            long number = value.longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        return wrong(place, "a whole number from " + min + " to " + max, value);
    }

    Long uint64Bits(OciPath place, JsonNode value) {
        if (value.isIntegralNumber()) {
            BigInteger number = value.bigIntegerValue();
            if (number.signum() >= 0 && number.compareTo(MAX_UINT64) <= 0) {
                return number.longValue();
            }
        }
        return wrong(place, "a whole number from 0 to " + MAX_UINT64, value);
    }

    <E extends Enum<E> & NamedConstant> E constant(OciPath place, JsonNode value, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.ociName().equals(value.textValue())) {
                return constant;
            }
        }
        StringJoiner names = new StringJoiner("`, `", "one of `", "`");
        for (E constant : type.getEnumConstants()) {
            names.add(constant.ociName());
        }
        return wrong(place, names.toString(), value);
    }

    ObjectNode object(OciPath place, JsonNode value) {
        return value instanceof ObjectNode object ? object : wrong(place, "an object", value);
    }

    ObjectNode document(OciPath place, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        problems.error(place.toString(), "the document must be an object, not `%s`".formatted(shown(value)));
        return null;
    }

    /** Returns the items of a list, none if it is not one. */
    Iterable<JsonNode> list(OciPath place, JsonNode value) {
        if (value.isArray()) {
            return value;
        }
        wrong(place, "a list", value);
        return List.of();
    }

    boolean isKey(OciPath map, String key) {
        if (!isUsable(key)) {
            OciPath place = map.entry(key);
            problems.error(place.toString(), "`%s` has a NUL or half a character in its name".formatted(place.label()));
            return false;
        }
        return true;
    }

    /**
     * No text of a config can reach the kernel with a NUL, and half a surrogate pair has no form in UTF-8: but for
     * those that stand for bytes which are no UTF-8 either, as {@link RawText} has them.
     */
    private static boolean isUsable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    i++;
                } else if (!RawText.hasBytes(text.substring(i, i + 1))) {
                    return false;
                }
            }
        }
        return true;
    }

    private <T> T wrong(OciPath place, String expected, JsonNode value) {
        problems.error(place.toString(), "`%s` must be %s, not `%s`".formatted(place.label(), expected, shown(value)));
        return null;
    }

    private static String shown(JsonNode value) {
        return Shown.shortened(Json.compact(value));
    }
}
