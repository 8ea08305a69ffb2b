package dev.gantry.repl;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people type at every prompt: {@code exit}, {@code quit}, {@code help}, {@code clear}, alone on a line and
 * without a colon. A variable of that name comes first.
 */
final class PlainWords {
    private static final Pattern LINE = Pattern.compile(
            "\\s*(exit|quit|bye|logout|clear|help|\\?)(?:\\(\\))?" + "(?:(?<=help|\\?)\\s+(:?\\w+))?\\s*;?\\s*");

    private PlainWords() {}

    /** Returns whether a line is one of these words. */
    static boolean isOne(String line, Set<String> variables) {
        Matcher word = LINE.matcher(line);
        return word.matches() && !variables.contains(word.group(1));
    }

    /** Does what a line that {@link #isOne} asks for. */
    static void run(String line, Session session) {
        Matcher word = LINE.matcher(line);
        if (!word.matches()) {
            throw new IllegalArgumentException(line);
        }
        switch (word.group(1)) {
            case "clear" -> session.clear();
            case "help", "?" -> new ColonCommands(session).run(":help " + (word.group(2) == null ? "" : word.group(2)));
            default -> session.quit();
        }
    }
}
