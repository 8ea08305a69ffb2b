package dev.gantry.oci;

import dev.gantry.error.Problems;
import dev.gantry.error.Shown;

/** A place in a configuration, and where to report what is wrong with it. */
final class Place {
    private final String path;
    private final Problems problems;

    private Place(String path, Problems problems) {
        this.path = path;
        this.problems = problems;
    }

    /** Returns the place at a path, empty for the whole document. */
    static Place at(String path, Problems problems) {
        return new Place(path, problems);
    }

    Place member(String name) {
        return new Place(path.isEmpty() ? name : path + "." + name, problems);
    }

    Place item(String list, int index) {
        return member(list + "[" + index + "]");
    }

    Place entry(String map, String key) {
        return member(map + "[" + Shown.shortened(key) + "]");
    }

    void error(String text) {
        problems.error(path, text);
    }

    void error(String text, String hint) {
        problems.error(path, text, hint);
    }

    void warning(String text) {
        problems.warning(path, text);
    }

    /** Reports a mandatory member that is absent. Returns whether it is there. */
    boolean requires(String name, Object value) {
        if (value == null) {
            member(name).error("`%s` is missing".formatted(name));
        }
        return value != null;
    }

    /** Reports a mandatory path that is absent or relative. */
    void requiresAbsolutePath(String name, String value) {
        if (requires(name, value)) {
            member(name).absolutePath(value);
        }
    }

    /** Reports the path found here if it is relative. */
    void absolutePath(String value) {
        if (!value.startsWith("/")) {
            error("`%s` must be an absolute path, not `%s`".formatted(label(), Shown.shortened(value)));
        }
    }

    /** Reports a number that is out of range; an absent one is not. */
    void range(String name, Number value, long min, long max) {
        if (value != null && (value.longValue() < min || value.longValue() > max)) {
            member(name).error("`%s` must be from %d to %d, not `%d`".formatted(name, min, max, value.longValue()));
        }
    }

    /** Returns the last part of the path. */
    String label() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
