package dev.gantry.error;

/**
 * Makes text that others wrote fit to be shown: of a container, a config, a script, a file. Nothing that a terminal
 * acts on is left in it.
 *
 * <p>What is escaped is written as <code>&#92;uXXXX</code>, a code unit each, so that JSON and Groovy texts keep their
 * meaning: control characters of both ranges, marks that turn the direction of writing, invisible formatting
 * characters, line and paragraph separators, halves of surrogate pairs.
 */
public final class Shown {
    private static final int LIMIT = 40;
    private static final int MESSAGE_LIMIT = 16_384;

    private Shown() {}

    /** Returns the text {@link #escaped} and cut to 40 characters. */
    public static String shortened(String text) {
        return cut(escaped(cutBefore(text, LIMIT)), LIMIT);
    }

    /** Returns the text escaped to one line: line ends too. */
    public static String escaped(String text) {
        return escaped(text, false);
    }

    /** Returns the text escaped but for its line feeds and tabs; a carriage return before a line feed is left out. */
    public static String lines(String text) {
        return escaped(text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n"), true);
    }

    /** Returns the text as {@link #lines}, cut to 16,384 characters. */
    public static String message(String text) {
        return cut(lines(cutBefore(text, MESSAGE_LIMIT)), MESSAGE_LIMIT);
    }

    /** Returns whether nothing of the text has to be escaped to show it in one line. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(Shown::isPlain);
    }

    private static String escaped(String text, boolean severalLines) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isPlain(c) || severalLines && (c == '\n' || c == '\t')) {
                out.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    out.append("\\u%04x".formatted((int) unit));
                }
            }
        });
        return out.toString();
    }

    /** Returns the message of an exception, whose own code may fail; null if there is none. */
    public static String messageOf(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable e) { // whatever a script's class throws there
            return "its message cannot be read, which throws " + e.getClass().getSimpleName();
        }
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.FORMAT -> false; // among them the marks that turn the direction of writing
            case Character.SURROGATE -> false; // one half tells nothing
            default -> true;
        };
    }

    /** Escaping only makes a text longer, and what is behind the limit may be megabytes. */
    private static String cutBefore(String text, int limit) {
        return text.substring(0, Math.min(text.length(), limit + 1));
    }

    private static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
        return text.substring(0, end) + "...";
    }
}
