package dev.gantry.dsl.source;

import dev.gantry.plan.Place;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that is wrong in a script, and where.
 *
 * @param place the line
 * @param column of the first character that is wrong, from 1; 0 if the line cannot be shown
 * @param length how many characters are wrong
 * @param text what is wrong: one line, lower case
 * @param line the text of the line
 */
public record Mistake(Place place, int column, int length, String text, String line) {
    private static final int MAX_SHOWN = 240;
    private static final int MAX_BEFORE = 80;
    private static final String CUT = "...";
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");

    /** Returns a mistake that is all of a line, or the given word of it if the word stands there as it is. */
    static Mistake at(Place place, String word, String text, String line) {
        Matcher found = wholly(word).matcher(line);
        if (!word.isEmpty() && (found.find(keyword(word, text, line)) || found.find(0))) {
            return new Mistake(place, found.start() + 1, word.length(), text, line);
        }
        String statement = line.strip();
        return new Mistake(
                place, statement.isEmpty() ? 0 : line.indexOf(statement) + 1, statement.length(), text, line);
    }

    /** Returns where the line has the keyword that the text is about, after which its arguments stand; 0 if nowhere. */
    private static int keyword(String word, String text, String line) {
        Matcher quoted = QUOTED.matcher(text);
        while (quoted.find()) {
            Matcher found = wholly(quoted.group(1)).matcher(line);
            if (!quoted.group(1).equals(word) && found.find()) {
                return found.start();
            }
        }
        return 0;
    }

    private static Pattern wholly(String word) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(word) + "(?!\\w)");
    }

    /** Returns {@code file:line:column: error: text}, the line itself, and carets below what is wrong. */
    @Override
    public String toString() {
        if (column == 0) {
            return "%s: error: %s".formatted(place, text);
        }
        return "%s:%d: error: %s%n%s".formatted(place, column, text, excerpt());
    }

    /** Returns the line itself and carets below what is wrong; of a long line, what is around that. */
    String excerpt() {
        String number = "%3d".formatted(place.line());
        int wrong = column - 1;
        int from = line.length() <= MAX_SHOWN ? 0 : Math.max(0, wrong - MAX_BEFORE);
        int to = Math.min(line.length(), from + MAX_SHOWN);
        String before = (from == 0 ? "" : CUT) + line.substring(from, wrong);
        return "%s | %s%n%s | %s%s"
                .formatted(
                        number,
                        before + line.substring(wrong, to) + (to == line.length() ? "" : CUT),
                        " ".repeat(number.length()),
                        before.replaceAll("[^\t]", " "),
                        "^".repeat(Math.min(length, Math.max(1, to - wrong))));
    }
}
