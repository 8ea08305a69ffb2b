package dev.gantry.repl;

import dev.gantry.error.Shown;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Colours for a terminal that has them, or none. What is coloured is text, in which others' colours are escaped like
 * all else that a terminal acts on.
 *
 * @param columns how wide the screen is now; 0 or less if that is not known
 */
record Ink(boolean coloured, IntSupplier columns) {
    /** A colour or a style, but none that hides what is written. */
    static final Pattern COLOUR = Pattern.compile("\u001b\\[(?:(?:0|[1-79]|[1-9][0-9]{1,2})(?:;|(?=m)))*m");

    private static final String RESET = "\u001b[0m";

    /** Colours, or none, on a screen as wide as needed. */
    Ink(boolean coloured) {
        this(coloured, () -> 0);
    }

    /** Returns how many columns there are to write in. */
    int room() {
        int known = columns.getAsInt();
        return known > 0 ? known : Integer.MAX_VALUE;
    }

    String strong(String text) {
        return in("1", text);
    }

    String faint(String text) {
        return in("2", text);
    }

    String good(String text) {
        return in("32", text);
    }

    String bad(String text) {
        return in("31", text);
    }

    String warm(String text) {
        return in("33", text);
    }

    String cool(String text) {
        return in("36", text);
    }

    private String in(String code, String text) {
        String shown = Shown.lines(text);
        return coloured && !shown.isEmpty() ? "\u001b[" + code + "m" + shown + RESET : shown;
    }

    /** Returns a text with its colours, and with everything else that a terminal acts on escaped. */
    static String showing(String text) {
        if (text.indexOf('\u001b') < 0) {
            return Shown.lines(text);
        }
        StringBuilder out = new StringBuilder(text.length());
        Matcher colour = COLOUR.matcher(text);
        int from = 0;
        while (colour.find()) {
            out.append(Shown.lines(text.substring(from, colour.start()))).append(colour.group());
            from = colour.end();
        }
        out.append(Shown.lines(text.substring(from)));
        return from > 0 && !text.endsWith(RESET) ? out.append(RESET).toString() : out.toString();
    }
}
