package dev.gantry.repl;

import dev.gantry.dsl.Language;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The words that can be said in a block, for who completes and who colours: found once, as every key asks. Thread-safe.
 */
final class BlockWords {
    private static final int MOST_PATHS = 200;

    private final Map<List<String>, List<Language.Word>> known = new ConcurrentHashMap<>();

    /** Returns the words by name; see {@link Language#words}. */
    List<Language.Word> in(List<String> path) {
        if (known.size() >= MOST_PATHS) {
            known.clear(); // what stands before a bracket may be any name
        }
        return known.computeIfAbsent(path, Language::words);
    }

    /** Returns whether a name is one of them. */
    boolean has(List<String> path, String name) {
        return in(path).stream().anyMatch(word -> word.name().equals(name));
    }
}
