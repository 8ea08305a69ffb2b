package dev.gantry.dsl.block;

import dev.gantry.dsl.rehearsal.Unknown;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Keywords;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The named arguments of one call, such as {@code to:} and {@code readonly:} of {@code bind}. What does not fit is
 * reported and then counts as not given.
 */
public final class Options {
    private final Class<?> type;
    private final String keyword;
    private final Map<String, ?> values;
    private final BiConsumer<Span, String> mistakes;

    /**
     * Takes the arguments over and reports the names that the method does not know.
     *
     * @param type the class whose method is called
     * @param mistakes receives which part of the line is wrong, and what is wrong with it
     */
    public Options(Class<?> type, String keyword, Map<String, ?> values, BiConsumer<Span, String> mistakes) {
        this.type = type;
        this.keyword = keyword;
        this.values = values;
        this.mistakes = mistakes;
        Unknown.refuse(values.values());
        for (Object name : values.keySet()) { // of a computed name, Groovy may make another kind of text
            Wording.option(type, keyword, name.toString())
                    .ifPresent(text -> mistakes.accept(Span.of(keyword, name.toString()), text));
        }
    }

    static Options of(DslSupport block, String keyword, Map<String, ?> values) {
        return new Options(block.getClass(), keyword, values, block::mistake);
    }

    /** Returns whether the call says something, right or wrong. */
    public boolean isGiven(String name) {
        return values.containsKey(name);
    }

    /** Returns a flag, or what it is if the call does not say. */
    public boolean flag(String name, boolean otherwise) {
        Object value = values.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        expects(name, value, "true or false");
        return otherwise;
    }

    /** Returns a text; empty if it is not given. */
    public Optional<String> text(String name) {
        Object value = values.get(name);
        if (value instanceof CharSequence text) {
            return Optional.of(text.toString());
        }
        expects(name, value, "text");
        return Optional.empty();
    }

    /** Returns a whole number in the range, both ends included. */
    Optional<Long> number(String name, long min, long max) {
        Object value = values.get(name);
        if (isWhole(value, min, max)) {
            return Optional.of(((Number) value).longValue());
        }
        expects(name, value, "a whole number from %d to %d".formatted(min, max));
        return Optional.empty();
    }

    /** Returns a list of whole numbers in the range; empty if it is not given. */
    List<Long> numbers(String name, long min, long max) {
        List<Long> numbers = new ArrayList<>();
        Object value = values.get(name);
        if (value instanceof List<?> items && items.stream().allMatch(item -> isWhole(item, min, max))) {
            items.forEach(item -> numbers.add(((Number) item).longValue()));
        } else {
            expects(name, value, "a list of whole numbers from %d to %d".formatted(min, max));
        }
        return numbers;
    }

    /** Returns a whole number from 0, or -1 if it is the word for no limit. */
    Optional<Long> limit(String name, String unlimited) {
        Object value = values.get(name);
        if (unlimited.equals(value)) {
            return Optional.of(-1L);
        }
        if (isWhole(value, 0, Long.MAX_VALUE)) {
            return Optional.of(((Number) value).longValue());
        }
        expects(name, value, "a whole number or '%s'".formatted(unlimited));
        return Optional.empty();
    }

    /** Returns a size: a {@link ByteSize}, a text that is one, or a number of bytes. */
    public Optional<ByteSize> size(String name) {
        Object value = values.get(name);
        if (value == null) {
            expects(name, null, "a size such as `64.MiB`");
            return Optional.empty();
        }
        try {
            return Optional.of(ByteSize.of(value));
        } catch (IllegalArgumentException e) {
            mistakes.accept(Span.of(keyword, value.toString()), "%s: %s".formatted(label(), e.getMessage()));
            return Optional.empty();
        }
    }

    /** Returns a list of maps; empty if it is not given. */
    List<Map<?, ?>> maps(String name) {
        List<Map<?, ?>> maps = new ArrayList<>();
        Object value = values.get(name);
        if (value instanceof List<?> items && items.stream().allMatch(Map.class::isInstance)) {
            items.forEach(item -> maps.add((Map<?, ?>) item));
        } else {
            expects(name, value, "a list of maps");
        }
        return maps;
    }

    /** Returns a map; empty if it is not given. */
    public Map<?, ?> map(String name) {
        Object value = values.get(name);
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        expects(name, value, "a map");
        return Map.of();
    }

    /** Returns a list of texts; a text alone is a list of one. */
    List<String> texts(String name) {
        Object value = values.get(name);
        if (value instanceof CharSequence text) {
            return List.of(text.toString());
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> items && items.stream().allMatch(CharSequence.class::isInstance)) {
            items.forEach(item -> texts.add(item.toString()));
            return texts;
        }
        expects(name, value, "a list of texts");
        return texts;
    }

    private static boolean isWhole(Object value, long min, long max) {
        boolean whole = value instanceof Integer || value instanceof Long;
        return whole && ((Number) value).longValue() >= min && ((Number) value).longValue() <= max;
    }

    /** Reports a value that is none of the expected; an option that is not given is no mistake. */
    void expects(String name, Object value, String expected) {
        if (values.containsKey(name)) {
            String found = value instanceof Number ? "`" + value + "`" : Kinds.ofValue(value);
            mistakes.accept(
                    Span.of(keyword, name),
                    "%s: `%s` of `%s` must be %s, not %s".formatted(label(), name, keyword, expected, found));
        }
    }

    private String label() {
        return Keywords.of(type).label();
    }
}
