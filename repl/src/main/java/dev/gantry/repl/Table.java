package dev.gantry.repl;

import java.util.ArrayList;
import java.util.List;

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
        rows.add(List.of(cells));
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
                line.append(" ".repeat(width(column) - cell.length() + GAP));
            }
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = header.get(column).length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }
}
