package dev.gantry.repl;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows under a header, in columns as wide as they need to be. Not thread-safe. */
final class Table {
    private static final int GAP = 2;

    private final Ink ink;
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Ink ink, String... header) {
        this.ink = ink;
        this.header = List.of(header);
    }

    /** Adds a row of as many cells as the header has. */
    Table row(String... cells) {
        rows.add(Stream.of(cells)
                .map(cell -> Ink.showing(cell.replace('\n', ' ')))
                .toList());
        return this;
    }

    /** Returns the lines, without a line feed at the end. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(ink.strong(line(header)));
        rows.forEach(row -> lines.add(line(row)));
        return String.join("\n", lines);
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell);
            if (column < cells.size() - 1) {
                line.append(" ".repeat(width(column) - shown(cell) + GAP));
            }
        }
        return line.toString().stripTrailing();
    }

    /** Returns how wide a text is on the screen: colours take no room. */
    private static int shown(String cell) {
        return Ink.COLOUR.matcher(cell).replaceAll("").length();
    }

    private int width(int column) {
        int widest = shown(header.get(column));
        for (List<String> row : rows) {
            widest = Math.max(widest, shown(row.get(column)));
        }
        return widest;
    }
}
