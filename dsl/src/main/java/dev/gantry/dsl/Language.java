package dev.gantry.dsl;

import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Keywords;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The words of the language, for what helps to write it: completion, help, the manual. Read from the same methods that
 * scripts call; thread-safe.
 */
public final class Language {
    private Language() {}

    /**
     * A word and what is to be known about it.
     *
     * @param block the block it is said in, {@code script} at the top
     * @param summary what it does: one line, third person
     * @param example one statement that uses it
     * @param options the named arguments that it takes
     * @param opensBlock whether it takes a block of its own
     * @param forms what can be written after it, a line each: {@code options, text, text...}
     * @param result what it returns; empty for nothing
     * @param byDefault what holds without it; empty if nothing is to be said of that
     * @param since the version that had it first
     */
    public record Word(
            String block,
            String name,
            String summary,
            String example,
            Set<String> options,
            boolean opensBlock,
            List<String> forms,
            String result,
            String byDefault,
            String since) {}

    /**
     * Returns the words of a block, by name.
     *
     * @param path the words that open the blocks around it, the outermost first: {@code [container, process]}; words
     *     that open none are passed over
     */
    public static List<Word> words(List<String> path) {
        return words(blockAt(path));
    }

    /** Returns what a value offers beside its blocks: the words of a live container. */
    public static List<Word> wordsOf(Class<?> type) {
        return words(type);
    }

    /** Returns every word of that name, those of outer blocks first. */
    public static List<Word> find(String name) {
        List<Word> found = new ArrayList<>();
        List<Class<?>> types = new ArrayList<>(
                Keywords.all().stream().<Class<?>>map(Keywords::type).toList());
        types.add(LiveContainer.class);
        for (Class<?> type : types) {
            words(type).stream().filter(word -> word.name().equals(name)).forEach(found::add);
        }
        return found;
    }

    private static List<Word> words(Class<?> type) {
        TreeMap<String, Word> words = new TreeMap<>();
        Keywords keywords = Keywords.of(type);
        for (Method method : type.getMethods()) {
            Keyword keyword = method.getAnnotation(Keyword.class);
            if (keyword != null) {
                String name = method.getName();
                words.put(
                        name,
                        new Word(
                                keywords.label(),
                                name,
                                keyword.value(),
                                keyword.example(),
                                keywords.options(name),
                                Keywords.opened(type, name).isPresent(),
                                keywords.forms(name),
                                Keywords.result(method),
                                keyword.byDefault(),
                                keyword.since()));
            }
        }
        return List.copyOf(words.values());
    }

    private static Class<?> blockAt(List<String> path) {
        Class<?> type = Keywords.script();
        for (String word : path) {
            type = Keywords.opened(type, word).orElse(type);
        }
        return type;
    }
}
