package dev.gantry.repl;

import dev.gantry.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;

/** A table whose header stands out and whose cells may have colours. Not thread-safe. */
final class InkTable {
    private static final int GAP = 2;

    private final Ink ink;
    private final Table table = new Table(GAP, InkTable::columns);

    InkTable(Ink ink, String... header) {
        this.ink = ink;
        table.row(List.of(header));
    }

    /** Adds a row of as many cells as the header has. */
    InkTable row(String... cells) {
        table.row(Stream.of(cells)
                .map(cell -> Ink.showing(cell.replace('\n', ' ')))
                .toList());
        return this;
    }

    /** Returns the lines, without a line feed at the end. */
    String text() {
        List<String> lines = new ArrayList<>(table.lines());
        lines.set(0, ink.strong(lines.get(0)));
        return String.join("\n", lines);
    }

    /** Returns how wide a text is on the screen: colours take no room, and some characters take two columns. */
    private static int columns(String cell) {
        return AttributedString.fromAnsi(cell).columnLength();
    }
}
