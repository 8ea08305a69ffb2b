package dev.gantry.oci.rules;

import dev.gantry.error.OciPath;
import dev.gantry.error.Problems;
import dev.gantry.error.Shown;

/** A place in a configuration, and where to report what is wrong with it. */
final class Place {
    private final OciPath path;
    private final Problems problems;

    private Place(OciPath path, Problems problems) {
        this.path = path;
        this.problems = problems;
    }

    static Place document(Problems problems) {
        return new Place(OciPath.DOCUMENT, problems);
    }

    Place member(String name) {
        return new Place(path.member(name), problems);
    }

    Place item(String list, int index) {
        return new Place(path.member(list).item(index), problems);
    }

    Place entry(String map, String key) {
        return new Place(path.member(map).entry(key), problems);
    }

    /** Returns how an error calls what is here: {@code mounts[3]}, {@code path}. */
    String label() {
        return path.label();
    }

    void error(String text) {
        problems.error(path.toString(), text);
    }

    void error(String text, String hint) {
        problems.error(path.toString(), text, hint);
    }

    void warning(String text) {
        problems.warning(path.toString(), text);
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
}
