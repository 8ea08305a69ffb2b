package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A command whose success was asked for ended with another status than 0. */
public final class CommandFailure extends ContainerException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_LINES = 20;

    /** Colours, movements of the cursor, titles of windows, begun by ESC or one C1 character: ECMA-48, 5.4 and 5.6. */
    private static final Pattern ESCAPE = Pattern.compile("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]"
            + "|(?:\u001b[]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\\\|\u009c)?"
            + "|\u001b[ -/]*[0-~]");

    private final transient ExecResult result;

    CommandFailure(ExecResult result) {
        super(ErrorKind.COMMAND_FAILED, result.summary() + tail(result));
        this.result = result;
    }

    /** Returns what the command left behind. */
    public ExecResult result() {
        return result;
    }

    /**
     * Returns the last lines of what was written to both streams, each on a line of its own and without what a terminal
     * acts on; empty if there are none.
     */
    static String tail(ExecResult result) {
        String text = ESCAPE.matcher(result.told().written()).replaceAll("").replace("\r\n", "\n");
        List<String> lines = Arrays.stream(text.split("\n"))
                .map(line -> line.substring(line.lastIndexOf('\r', line.length() - 2) + 1))
                .filter(line -> !line.isBlank())
                .map(Shown::lines) // taking sequences out may have joined others
                .toList();
        List<String> tail = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
        return tail.isEmpty() ? "" : "\n  " + String.join("\n  ", tail);
    }
}
