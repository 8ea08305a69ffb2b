package dev.gantry.dsl.word;

import groovy.lang.Closure;
import java.io.File;
import java.lang.invoke.MethodType;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Calls types what people call them, so that no message needs the name of a class. */
public final class Kinds {
    /** What {@code null} is called. */
    public static final String NULL = "null";

    /** What a value is called whose type only shows when the script runs. */
    public static final String UNKNOWN = "a value of unknown type";

    private static final String OURS = "dev.gantry.";

    private static final Map<Class<?>, String> NAMES = new LinkedHashMap<>(); // the first that fits counts

    static {
        NAMES.put(CharSequence.class, "text");
        NAMES.put(Boolean.class, "true or false");
        for (Class<?> whole : List.of(Integer.class, Long.class, Short.class, Byte.class, BigInteger.class)) {
            NAMES.put(whole, "a whole number");
        }
        NAMES.put(Number.class, "a decimal number");
        NAMES.put(Map.class, "a map");
        NAMES.put(Collection.class, "a list");
        NAMES.put(Closure.class, "a block");
        NAMES.put(Duration.class, "a length of time");
        NAMES.put(Path.class, "a path");
        NAMES.put(File.class, "a path");
        NAMES.put(Pattern.class, "a pattern");
    }

    private Kinds() {}

    /** Returns what values of a type are called. */
    public static String of(Class<?> type) {
        if (type == Object.class) {
            return UNKNOWN;
        }
        if (type.isArray()) {
            return "a list";
        }
        Called ours = type.getAnnotation(Called.class);
        if (ours != null) {
            return ours.value();
        }
        Class<?> boxed = type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
        for (Map.Entry<Class<?>, String> name : NAMES.entrySet()) {
            if (name.getKey().isAssignableFrom(boxed)) {
                return name.getValue();
            }
        }
        return type.getName().startsWith(OURS) && !type.isSynthetic()
                ? inWords(type.getSimpleName())
                : "`%s`".formatted(type.getSimpleName());
    }

    /** Returns {@code a launch plan} for {@code LaunchPlan}. */
    private static String inWords(String name) {
        String words = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return (words.matches("[aeio].*") ? "an " : "a ") + words;
    }

    /** Returns whether values of a type are numbers. */
    public static boolean isNumber(Class<?> type) {
        return Number.class.isAssignableFrom(boxed(type));
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    /** Returns what a value is called; it may be null. */
    public static String ofValue(Object value) {
        return value == null ? NULL : of(value.getClass());
    }

    /** Returns what values are called; each may be null. */
    public static List<String> ofValues(Object... values) {
        List<String> kinds = new ArrayList<>();
        for (Object value : values) {
            kinds.add(ofValue(value));
        }
        return kinds;
    }
}
