package dev.gantry.dsl.live;

import java.util.ArrayList;
import java.util.List;

/**
 * The text that {@code sh} runs: by the shell of the container, which ends at the first command that fails, or by the
 * program that its first line names after {@code #!}.
 */
record ShellScript(String text) {
    private static final String INTERPRETER = "#!";

    /** Where a process finds a script that is open as its descriptor 3. */
    private static final String FILE = "/proc/self/fd/3";

    /** Returns whether it is handed over as a file: programs other than shells have no common option for a text. */
    boolean isFile() {
        return text.startsWith(INTERPRETER);
    }

    /** Returns the words of the command, as execve(2) puts them together for a script: at most one option. */
    List<String> command() {
        if (!isFile()) {
            return List.of("sh", "-e", "-c", text);
        }
        String line = text.lines().findFirst().orElse("").substring(INTERPRETER.length());
        List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+", 2)));
        words.add(FILE);
        return words;
    }
}
