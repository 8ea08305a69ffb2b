package dev.gantry.error;

import java.util.Objects;

/**
 * Describes one thing that is wrong with a configuration.
 *
 * @param ociPath where in the {@code config.json} it is, such as {@code mounts[3].source}; empty for the whole document
 * @param text what is wrong, one line, lower case, without the path
 * @param hint what to do about it, or null
 */
public record Problem(Severity severity, String ociPath, String text, String hint) {
    /** Says whether a problem stops the work. */
    public enum Severity {
        /** The configuration cannot be used. */
        ERROR,
        /** The configuration can be used; the part in question is ignored or does less than it says. */
        WARNING
    }

    public Problem {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(ociPath, "ociPath");
        Objects.requireNonNull(text, "text");
    }

    /** Creates an error without a hint. */
    public static Problem error(String ociPath, String text) {
        return new Problem(Severity.ERROR, ociPath, text, null);
    }

    /** Creates a warning without a hint. */
    public static Problem warning(String ociPath, String text) {
        return new Problem(Severity.WARNING, ociPath, text, null);
    }

    /** Returns the text followed by the path in brackets, without the hint. */
    public String line() {
        return ociPath.isEmpty() ? text : text + " [" + ociPath + "]";
    }
}
