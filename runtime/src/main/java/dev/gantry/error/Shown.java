package dev.gantry.error;

/** Prepares untrusted text for an error message: one line, nothing that a terminal acts on, not too long. */
public final class Shown {
    private static final int LIMIT = 40;

    private Shown() {}

    /** Returns the text {@link #escaped} and cut to 40 characters. */
    public static String shortened(String text) {
        String start = text.substring(0, Math.min(text.length(), LIMIT + 1)); // the rest may be megabytes
        String shown = escaped(start);
        return shown.length() <= LIMIT ? shown : shown.substring(0, LIMIT) + "...";
    }

    /** Returns the text with control and formatting characters and line ends written as <code>&#92;uXXXX</code>. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append("\\u%04x".formatted((int) c));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.FORMAT -> false; // among them the marks that turn the direction of writing
            case Character.SURROGATE -> false; // one half tells nothing
            default -> true;
        };
    }
}
