package dev.gantry.dsl.compile;

import java.util.List;

/**
 * Where a text declares variables.
 *
 * @param line counted from 1
 * @param column of {@code def} or the type, counted from 1
 * @param nameColumn of what follows it
 */
public record Declaration(List<String> names, int line, int column, int nameColumn) {
    /** Copies the names. */
    public Declaration {
        names = List.copyOf(names);
    }
}
