package dev.gantry.dsl.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which part of a line is wrong: a word, in the arguments of a keyword if that is known.
 *
 * @param keyword after which the word is looked for first; empty if the word is the keyword, or has none
 * @param word empty if the whole line is wrong
 */
public record Span(String keyword, String word) {
    /** The whole line. */
    public static final Span LINE = new Span("", "");

    /** Returns a word, the first in its line. */
    public static Span of(String word) {
        return new Span("", word);
    }

    /** Returns a word among the arguments of a keyword; the keyword itself is the first in its line. */
    public static Span of(String keyword, String word) {
        return new Span(keyword.equals(word) ? "" : keyword, word);
    }

    /**
     * Returns where a line has it as {start, end}, counted from 0: all of the line if the word does not stand there.
     */
    int[] in(String line) {
        Matcher found = wholly(word).matcher(line);
        if (!word.isEmpty() && (found.find(afterKeyword(line)) || found.find(0))) {
            return new int[] {found.start(), found.end()};
        }
        String statement = line.strip();
        int start = line.indexOf(statement);
        return new int[] {start, start + statement.length()};
    }

    private int afterKeyword(String line) {
        Matcher found = wholly(keyword).matcher(line);
        return !keyword.isEmpty() && found.find() ? found.start() : 0;
    }

    private static Pattern wholly(String word) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(word) + "(?!\\w)");
    }
}
