package dev.gantry.kernel;

/** The size of a terminal, {@code struct winsize}: in characters and, where it is known and not 0, in pixels. */
public record TerminalSize(int rows, int columns, int width, int height) {
    /** Creates one in characters alone. */
    public TerminalSize(int rows, int columns) {
        this(rows, columns, 0, 0);
    }
}
