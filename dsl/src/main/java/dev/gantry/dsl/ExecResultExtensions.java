package dev.gantry.dsl;

import dev.gantry.runtime.ExecResult;
import java.util.List;

/** Lets scripts read the answers of an {@link ExecResult} as properties: {@code who.exit}, {@code who.text}. */
public final class ExecResultExtensions {
    private ExecResultExtensions() {}

    /** Returns {@link ExecResult#exit()}. */
    public static int getExit(ExecResult result) {
        return result.exit();
    }

    /** Returns {@link ExecResult#text()}. */
    public static String getText(ExecResult result) {
        return result.text();
    }

    /** Returns {@link ExecResult#lines()}. */
    public static List<String> getLines(ExecResult result) {
        return result.lines();
    }
}
