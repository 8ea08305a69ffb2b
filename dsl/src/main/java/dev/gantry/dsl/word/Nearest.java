package dev.gantry.dsl.word;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.codehaus.groovy.runtime.MethodRankHelper;

/** Finds the word that somebody meant who wrote another one. */
final class Nearest {
    private Nearest() {}

    /** Returns the candidate that is at most one typing mistake in three letters away from the word; case is no mistake. */
    static Optional<String> to(String word, Collection<String> candidates) {
        String best = null;
        int limit = Math.max(1, word.length() / 3);
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < limit || best == null && distance == limit) {
                best = candidate;
                limit = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Counts the letters to insert, drop, replace, or swap with their neighbour. */
    private static int distance(String a, String b) {
        return MethodRankHelper.damerauLevenshteinDistance(letters(a), letters(b));
    }

    private static Object[] letters(String word) {
        return word.chars().boxed().toArray();
    }
}
