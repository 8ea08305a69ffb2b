package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;

/** Prepares untrusted text for an error message: one line, no control characters, not too long. */
final class Shown {
    private static final int LIMIT = 40;

    private Shown() {}

    /** Returns the value as JSON, cut to 40 characters. */
    static String value(JsonNode node) {
        return cut(escaped(Json.compact(node)));
    }

    /** Returns a member name, cut to 40 characters. */
    static String name(String name) {
        return cut(escaped(name));
    }

    /** Returns the text with every character that a terminal could act on written as {@code \}{@code uXXXX}. */
    static String escaped(String text) {
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
        if (Character.isISOControl(c)) {
            return false;
        }
        int type = Character.getType(c);
        return type != Character.FORMAT // among them the marks that turn the direction of writing
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static String cut(String text) {
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "...";
    }
}
