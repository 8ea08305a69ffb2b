package dev.gantry.repl;

import dev.gantry.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;

/**
 * A table whose header stands out and whose cells may have colours. On a narrow screen its gaps are narrower, and the
 * widest cells are cut. Not thread-safe.
 */
final class InkTable {
    private static final int GAP = 2;
    private static final int NARROW_GAP = 1;
    private static final int LEAST = 4;
    private static final String CUT = "~";

    private final Ink ink;
    private final List<List<String>> rows = new ArrayList<>();

    InkTable(Ink ink, String... header) {
        this.ink = ink;
        rows.add(List.of(header));
    }

    /** Adds a row of as many cells as the header has. */
    InkTable row(String... cells) {
        rows.add(Stream.of(cells)
                .map(cell -> Ink.showing(cell.replace('\n', ' ')))
                .toList());
        return this;
    }

    /** Returns the lines, without a line feed at the end. */
    String text() {
        int[] widths = widths();
        int gaps = widths.length - 1;
        boolean fits = IntStream.of(widths).sum() + (long) GAP * gaps <= ink.room();
        if (!fits) {
            narrow(widths, ink.room() - NARROW_GAP * gaps);
        }
        Table table = new Table(fits ? GAP : NARROW_GAP, InkTable::columns);
        rows.forEach(row -> table.row(cut(row, widths)));
        List<String> lines = new ArrayList<>(table.lines());
        lines.set(0, ink.strong(lines.get(0)));
        return String.join("\n", lines);
    }

    private int[] widths() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], columns(row.get(i)));
            }
        }
        return widths;
    }

    /** Takes from the widest columns, but nothing of the header. */
    private void narrow(int[] widths, int room) {
        while (IntStream.of(widths).sum() > room) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                int least = Math.max(LEAST, columns(rows.get(0).get(i)));
                if (widths[i] > least && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private static List<String> cut(List<String> row, int[] widths) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            cells.add(
                    columns(cell) <= widths[i]
                            ? cell
                            : AttributedString.fromAnsi(cell)
                                            .columnSubSequence(0, widths[i] - 1)
                                            .toAnsi()
                                    + CUT);
        }
        return cells;
    }

    /** Returns how wide a text is on the screen: colours take no room, and some characters take two columns. */
    private static int columns(String cell) {
        return AttributedString.fromAnsi(cell).columnLength();
    }
}
