package dev.gantry.terminal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/** Rows in columns as wide as they need to be. Not thread-safe. */
public final class Table {
    private final int gap;
    private final ToIntFunction<String> width;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    /**
     * Creates an empty table.
     *
     * @param gap how many blanks are between two columns
     * @param width how many columns of the screen a cell takes
     */
    public Table(int gap, ToIntFunction<String> width) {
        this.gap = gap;
        this.width = width;
    }

    /** Adds a row of one-line cells; the first row is the header. */
    public Table row(Collection<String> cells) {
        List<String> row = List.copyOf(cells);
        for (int column = 0; column < row.size(); column++) {
            int wide = width.applyAsInt(row.get(column));
            if (column == widths.size()) {
                widths.add(wide);
            } else {
                widths.set(column, Math.max(wide, widths.get(column)));
            }
        }
        rows.add(row);
        return this;
    }

    /** Returns a line for each row, without blanks at its end. */
    public List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(widths.get(column) - width.applyAsInt(cell) + gap));
        }
        return line.toString().stripTrailing();
    }
}
