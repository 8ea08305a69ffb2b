package dev.gantry.value;

import java.io.OutputStream;

/**
 * Where goes what a container's first process writes. The streams stay the caller's, and are written to and flushed as
 * it comes, on a thread of Gantry's; one that fails loses it.
 */
public record Output(OutputStream out, OutputStream err) {
    /** Returns one that both its standard output and its standard error go to. */
    public static Output to(OutputStream both) {
        return new Output(both, both);
    }

    /** Returns one for each. */
    public static Output to(OutputStream out, OutputStream err) {
        return new Output(out, err);
    }
}
