package dev.gantry.value;

import dev.gantry.kernel.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What a process that ran to its end left behind.
 *
 * @param args what was run
 * @param bytes all of its standard output, not copied; the last part if only that was to be kept
 * @param err all of its standard error, as UTF-8; the last part if only that was to be kept
 * @param told what is said about it
 */
public record ExecResult(List<String> args, ExitStatus status, byte[] bytes, String err, Duration duration, Told told) {
    private static final String MORE = " \u2026";

    public ExecResult {
        args = List.copyOf(args);
    }

    /** Creates a result of text. */
    public ExecResult(List<String> args, ExitStatus status, String out, String err, Duration duration) {
        this(args, status, out.getBytes(StandardCharsets.UTF_8), err, duration, new Told("", out + err, ""));
    }

    /**
     * What messages about a command say beside its status.
     *
     * @param script of a shell that it was; empty if it was none
     * @param written the last of what it wrote to both streams, line by line in the order in which it was read
     * @param shortage which limit the container reached meanwhile, such as {@code ran out of its 64 MiB of memory};
     *     empty if none is known
     */
    public record Told(String script, String written, String shortage) {}

    /** Returns in one line what was run: the words, or the first line of the script of a shell. */
    public String words() {
        return words(args, told.script());
    }

    /** Returns the same for a command that has no result yet; the script is empty if it is none of a shell. */
    public static String words(List<String> args, String script) {
        String all = script.isEmpty() ? String.join(" ", args) : script;
        List<String> lines = all.lines()
                .filter(line -> !line.isBlank() && !(line.startsWith("#!") && all.startsWith(line)))
                .toList();
        return lines.isEmpty() ? all.strip() : lines.get(0).strip() + (lines.size() > 1 ? MORE : "");
    }

    /** Returns by which word a script has run it. */
    public String verb() {
        return verb(told.script());
    }

    /** Returns by which word a script runs a command that has no result yet. */
    public static String verb(String script) {
        return script.isEmpty() ? "exec" : "sh";
    }

    /** Returns in one line what was run, how it ended, and why, as far as that is known. */
    public String summary() {
        String end = status.signal() == 0 ? "exit status " + exit() : "killed by signal " + status.signal();
        String why = told.shortage().isEmpty() ? "" : ": the container " + told.shortage();
        return "%s `%s`: %s%s".formatted(verb(), words(), end, why);
    }

    /** Returns the standard output, as UTF-8. */
    public String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the exit status, or 128 plus the signal that killed it. */
    public int exit() {
        return status.shell();
    }

    /** Returns the standard output, as UTF-8. */
    public String text() {
        return out();
    }

    /** Returns the standard output line by line, as UTF-8. */
    public List<String> lines() {
        return out().lines().toList();
    }

    /**
     * Returns this result if the process ended well.
     *
     * @throws CommandFailure if its exit status was not 0
     */
    public ExecResult check() {
        if (exit() != 0) {
            throw new CommandFailure(this);
        }
        return this;
    }
}
