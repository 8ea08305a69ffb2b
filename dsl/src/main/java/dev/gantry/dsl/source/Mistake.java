package dev.gantry.dsl.source;

import dev.gantry.error.Place;

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

    /** Returns a mistake at a part of a line. */
    static Mistake at(Place place, Span span, String text, String line) {
        int[] wrong = span.in(line);
        return new Mistake(place, line.isBlank() ? 0 : wrong[0] + 1, wrong[1] - wrong[0], text, line);
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
