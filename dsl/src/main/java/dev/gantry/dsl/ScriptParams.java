package dev.gantry.dsl;

import dev.gantry.dsl.rehearsal.Unknown;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the command line says of a script's parameters, by {@code -P name=value}. Not thread-safe. */
public final class ScriptParams {
    /** Nothing is said; every parameter is what it is by default. */
    static final ScriptParams NONE = new ScriptParams(Map.of());

    /** What names a parameter plainly, and what may name one. */
    private static final Pattern NAMED = Pattern.compile("\\bparam\\s*\\(?\\s*['\"]([^'\"$]+)['\"]");

    private static final Pattern MAY_NAME = Pattern.compile("\\b(?:param|include)\\b");

    private final Map<String, String> given;
    private final Set<String> requested = new LinkedHashSet<>();

    private ScriptParams(Map<String, String> given) {
        this.given = given;
    }

    /**
     * Reads texts of the form {@code name=value}.
     *
     * @throws ConfigException if one has another form
     */
    public static ScriptParams of(Iterable<String> assignments) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("`-P %s`: must be name=value".formatted(assignment));
            }
            given.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return new ScriptParams(given);
    }

    /**
     * Reads a length of time such as {@code 500ms}, {@code 2s} or {@code 10min}.
     *
     * @throws IllegalArgumentException if the text is none, with a message for the user
     */
    public static java.time.Duration duration(String text) {
        return TimeSpan.parse(text);
    }

    /**
     * Returns the value of a parameter: what is given, or else {@code default:}; of {@code type:}, or else of the type
     * of the default, or else text.
     *
     * @throws ConfigException if it is neither given nor has a default, or is none of the type
     */
    Object value(String name, Map<String, ?> options) {
        requested.add(name);
        Unknown.refuse(options.values());
        Object otherwise = options.get("default");
        Class<?> type = options.get("type") instanceof Class<?> wanted
                ? wanted
                : otherwise == null || otherwise instanceof CharSequence ? String.class : otherwise.getClass();
        String text = given.get(name);
        if (text == null) {
            if (!options.containsKey("default")) {
                throw new ConfigException("parameter `%s` is not given; hint: add `-P %s=...`".formatted(name, name));
            }
            return otherwise instanceof CharSequence ? convert(otherwise.toString(), type) : otherwise;
        }
        try {
            return convert(text, type);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("parameter `%s` %s".formatted(name, e.getMessage()));
        }
    }

    /**
     * Makes sure, before a script does anything, that it asks for everything that was given; as far as its text tells,
     * which may name a parameter by an expression, or include another script.
     *
     * @throws ConfigException if it does not
     */
    void requireNamed(String text) {
        Set<String> named = new LinkedHashSet<>();
        NAMED.matcher(text).results().forEach(name -> named.add(name.group(1)));
        if (MAY_NAME.matcher(text).results().count()
                == NAMED.matcher(text).results().count()) {
            given.keySet().stream().filter(name -> !named.contains(name)).forEach(name -> refuse(name, named));
        }
    }

    private static void refuse(String name, Set<String> known) {
        throw new ConfigException(
                "`-P %s`: the script has no such parameter%s".formatted(name, Wording.meant(name, known)));
    }

    /**
     * Makes sure that the script has asked for everything that was given.
     *
     * @param unread lines of the script which were perhaps not come to: what they quote may still be asked for
     * @throws ConfigException if it has not
     */
    void requireAllAsked(String unread) {
        for (String name : given.keySet()) {
            boolean mayBeAsked = unread.contains("'" + name + "'") || unread.contains('"' + name + '"');
            if (!requested.contains(name) && !mayBeAsked) {
                refuse(name, requested);
            }
        }
    }

    /**
     * Turns a text into a value of a type.
     *
     * @throws IllegalArgumentException if that cannot be done; the message says what is expected
     */
    static Object convert(String text, Class<?> type) {
        try {
            if (type == Integer.class || type == int.class) {
                return Integer.valueOf(text);
            } else if (type == Long.class || type == long.class) {
                return Long.valueOf(text);
            } else if (type == Double.class || type == double.class) {
                return Double.valueOf(text);
            } else if (type == java.math.BigDecimal.class) {
                return new java.math.BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be %s, not `%s`".formatted(Kinds.of(type), text), e);
        }
        if (type == Boolean.class || type == boolean.class) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("must be true or false, not `%s`".formatted(text));
            }
            return Boolean.valueOf(text);
        } else if (type == ByteSize.class) {
            return ByteSize.of(text);
        } else if (type == java.time.Duration.class) {
            return TimeSpan.parse(text);
        } else if (type == String.class || type == CharSequence.class) {
            return text;
        }
        throw new IllegalArgumentException("cannot be %s".formatted(Kinds.of(type)));
    }
}
