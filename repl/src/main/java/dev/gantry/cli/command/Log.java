package dev.gantry.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.Shown;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.json.Json;
import dev.gantry.text.Secrets;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.cli.CommandLine;

/**
 * Where a command tells of its own failure: on standard error for a person, and in the file of {@code --log} for the
 * program that called.
 *
 * <p>Engines read that file as one JSON object, so that nothing but the error is in it unless {@code --debug} asks for
 * more; what is not an error is on standard error only as long as there is no file.
 */
public final class Log {
    private final PrintStream err;
    private final Path file;
    private final boolean json;
    private final boolean plain;
    private final boolean debug;
    private final Secrets secrets;

    private Log(PrintStream err, Path file, boolean json, boolean plain, boolean debug, Secrets secrets) {
        this.err = err;
        this.secrets = secrets;
        this.file = file;
        this.json = json;
        this.plain = plain;
        this.debug = debug;
    }

    /** The log of a command line that could not be read. */
    public static Log plain(PrintStream err, Secrets secrets) {
        return new Log(err, null, false, true, false, secrets);
    }

    /** @throws UsageException if the format is unknown, or the file cannot be written */
    public static Log of(CommandLine global, PrintStream err, Secrets secrets) {
        String format = global.getOptionValue("log-format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new UsageException("invalid log-format: %s".formatted(format));
        }
        String file = global.getOptionValue("log", "");
        Log log = new Log(
                err,
                file.isEmpty() ? null : RawPath.here(file),
                format.equals("json"),
                !global.hasOption("log-format"),
                global.hasOption("debug"),
                secrets);
        if (log.file != null) {
            try {
                log.append("");
            } catch (IOException e) {
                throw new UsageException("log file `%s`: %s".formatted(file, IoReason.of(e)));
            }
        }
        return log;
    }

    public boolean isDebug() {
        return debug;
    }

    /** Tells why the command fails. */
    public void error(String text) {
        String message = Shown.message(secrets.masked(text));
        if (file != null) {
            err.println(message);
            add(line("error", message));
        } else {
            err.println(plain ? prefixed(message) : line("error", message).stripTrailing());
        }
    }

    /** Tells of something that stops nothing. */
    public void warning(String text) {
        String message = Shown.escaped(secrets.masked(text));
        if (file == null) {
            err.println(
                    plain
                            ? "gantry: warning: " + message
                            : line("warning", message).stripTrailing());
        } else if (debug) {
            add(line("warning", message));
        }
    }

    /** Tells what the command does, if that was asked for. */
    public void debug(String text) {
        String message = Shown.escaped(secrets.masked(text));
        if (debug && file != null) {
            add(line("debug", message));
        } else if (debug) {
            err.print(line("debug", message));
        }
    }

    private static String prefixed(String message) {
        return message.startsWith("gantry ") ? message : "gantry: " + message;
    }

    private String line(String level, String message) {
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        if (!json) {
            return "time=\"%s\" level=%s msg=%s%n"
                    .formatted(time, level, Json.compact(JsonNodeFactory.instance.textNode(message)));
        }
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("level", level).put("msg", message).put("time", time);
        return Json.compact(line) + "\n";
    }

    /** A log that is full neither ends the command nor hides its error. */
    private void add(String line) {
        try {
            append(line);
        } catch (IOException e) {
            err.printf("gantry: warning: log file `%s`: %s%n", file, IoReason.of(e));
        }
    }

    /** One write, so that lines of commands that share a file stay whole. */
    private void append(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
