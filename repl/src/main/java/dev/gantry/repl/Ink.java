package dev.gantry.repl;

/** Colours for a terminal that has them, or none. A value. */
record Ink(boolean coloured) {
    private static final String RESET = "\u001b[0m";

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
        return coloured && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
