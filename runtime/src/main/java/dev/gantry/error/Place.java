package dev.gantry.error;

/**
 * A line of a script.
 *
 * @param file as the user named it
 * @param line from 1
 */
public record Place(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
