package dev.gantry.repl;

import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.word.ByteSize;
import groovy.lang.Closure;
import groovy.lang.GroovyObject;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Shows values that are made of others: a line a part, the parts of parts further in. Not thread-safe. */
final class Trees {
    private static final String INDENT = "  ";
    private static final int MOST_OF_A_LIST = 1_000;
    private static final int MOST_IN_A_LINE = 24;
    private static final int MOST_LEVELS = 8;

    private final Ink ink;

    Trees(Ink ink) {
        this.ink = ink;
    }

    /** Returns the text; whatever the value's own methods throw, there is one. */
    String text(Object value) {
        if (value instanceof CharSequence) {
            return own(value);
        }
        Optional<Map<String, Object>> parts = parts(value);
        return parts.isPresent() ? tree(parts.get(), "", 0).stripTrailing() : inline(value);
    }

    /** Returns the entries of a map, a line each. */
    String map(Map<?, ?> map) {
        return map.isEmpty()
                ? "[:]"
                : map.entrySet().stream()
                        .map(entry -> "%s: %s".formatted(ink.cool(own(entry.getKey())), inline(entry.getValue())))
                        .collect(Collectors.joining("\n"));
    }

    /** What is not set is left out. */
    private String tree(Map<String, Object> parts, String indent, int level) {
        StringBuilder text = new StringBuilder();
        parts.forEach((name, part) -> {
            Object set = part instanceof Optional<?> optional ? optional.orElse(null) : part;
            if (!isUnset(set)) {
                text.append(indent).append(ink.cool(name)).append(branch(set, indent + INDENT, level + 1));
            }
        });
        return text.toString();
    }

    private String branch(Object value, String indent, int level) {
        Optional<Map<String, Object>> parts = level < MOST_LEVELS ? parts(value) : Optional.empty();
        if (parts.isPresent()) {
            return "\n" + tree(parts.get(), indent, level);
        }
        if (value instanceof Collection<?> list && list.stream().anyMatch(Trees::isLong)) {
            StringBuilder lines = new StringBuilder("\n");
            list.forEach(each ->
                    lines.append(indent).append("- ").append(inline(each)).append('\n'));
            return lines.toString();
        }
        return ": " + inline(value) + "\n";
    }

    /** Returns whether a part of a list wants a line of its own. */
    private static boolean isLong(Object value) {
        return value instanceof Record || value instanceof CharSequence text && text.length() > MOST_IN_A_LINE;
    }

    /** Returns a value as a part of a line. */
    private String inline(Object value) {
        if (value instanceof CharSequence text) {
            return "'" + text + "'";
        }
        if (value instanceof LiveContainer container) {
            return container.getId();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> own(entry.getKey()) + ": " + inline(entry.getValue()))
                    .collect(Collectors.joining(", ", "[", map.isEmpty() ? ":]" : "]"));
        }
        if (value instanceof Collection<?> list) {
            return list(list);
        }
        if (value != null && value.getClass().isArray()) {
            return list(IntStream.range(0, Array.getLength(value))
                    .mapToObj(each -> Array.get(value, each))
                    .toList());
        }
        if (value instanceof Record record && !(value instanceof ByteSize)) {
            return partsOfRecord(record).entrySet().stream()
                    .filter(part -> !isUnset(part.getValue()))
                    .map(part -> "%s: %s".formatted(part.getKey(), inline(part.getValue())))
                    .collect(Collectors.joining(", "));
        }
        return simple(value);
    }

    private String list(Collection<?> list) {
        String shown =
                list.stream().limit(MOST_OF_A_LIST).map(this::inline).collect(Collectors.joining(", ", "[", "]"));
        return list.size() <= MOST_OF_A_LIST
                ? shown
                : shown + ink.faint(" and %d more".formatted(list.size() - MOST_OF_A_LIST));
    }

    private String simple(Object value) {
        if (value instanceof Closure<?>) {
            return ink.faint("a function");
        }
        if (value instanceof Duration duration) {
            return "%.3f s".formatted(duration.toNanos() / 1e9);
        }
        if (value instanceof Class<?> type) {
            return ink.faint("class ") + type.getSimpleName();
        }
        return hasOwnText(value) ? own(value) : ink.faint("an object of class ") + name(value.getClass());
    }

    /** Code of the user's may throw. */
    private String own(Object value) {
        try {
            return String.valueOf(value);
        } catch (Exception | AssertionError | StackOverflowError e) {
            return ink.faint("an object of class %s, whose toString() fails: %s".formatted(name(value.getClass()), e));
        }
    }

    private static String name(Class<?> type) {
        return type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
    }

    private static boolean hasOwnText(Object value) {
        try {
            return value == null || value.getClass().getMethod("toString").getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // every class has one
        }
    }

    /**
     * The parts of what has no text of its own: components of a record, fields of an object that a script's class made.
     */
    private static Optional<Map<String, Object>> parts(Object value) {
        if (value instanceof Record record && !(value instanceof ByteSize)) {
            return Optional.of(partsOfRecord(record));
        }
        if (value instanceof GroovyObject object && !(value instanceof Closure<?>) && !hasOwnText(value)) {
            Map<String, Object> fields = fields(object);
            return fields.isEmpty() ? Optional.empty() : Optional.of(fields);
        }
        return Optional.empty();
    }

    private static Map<String, Object> partsOfRecord(Record value) {
        Map<String, Object> parts = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            parts.put(component.getName(), read(component, value));
        }
        return parts;
    }

    private static Map<String, Object> fields(GroovyObject object) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Field field : object.getClass().getDeclaredFields()) {
            boolean written = !field.isSynthetic()
                    && !Modifier.isStatic(field.getModifiers())
                    && !field.getName().contains("$");
            if (written && field.trySetAccessible()) {
                fields.put(field.getName(), read(field, object));
            }
        }
        return fields;
    }

    private static Object read(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }

    static Object read(RecordComponent component, Object value) {
        try {
            component.getAccessor().trySetAccessible(); // the record itself need not be public
            return component.getAccessor().invoke(value);
        } catch (InvocationTargetException e) {
            return "fails: " + e.getCause(); // a user's own accessor
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    /** Returns whether there is nothing to show of a part. */
    static boolean isUnset(Object part) {
        return part == null
                || part instanceof Collection<?> list && list.isEmpty()
                || part instanceof Map<?, ?> map && map.isEmpty()
                || part instanceof Optional<?> optional && optional.isEmpty();
    }
}
