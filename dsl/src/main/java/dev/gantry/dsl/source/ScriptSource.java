package dev.gantry.dsl.source;

import dev.gantry.error.ContainerException;
import dev.gantry.error.Place;
import dev.gantry.error.Problem;
import dev.gantry.error.SourceMap;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A script as it was read.
 *
 * @param name the file as the user named it
 * @param dir against which the script's relative paths count; absolute
 */
public record ScriptSource(String name, Path dir, String text) {
    /** More than Groovy compiles. */
    private static final int MOST_BYTES = 16 << 20;

    private static final StackWalker STACK = StackWalker.getInstance();

    /**
     * Reads a file of UTF-8 text.
     *
     * @throws ContainerException if that cannot be done
     */
    public static ScriptSource read(Path file) {
        try {
            Path dir = file.toAbsolutePath().normalize().getParent();
            return new ScriptSource(file.toString(), dir, withoutMark(text(WholeFile.read(file, MOST_BYTES))));
        } catch (IOException e) {
            throw IoReason.failure("read `%s`".formatted(RawPath.text(file)), e);
        }
    }

    private static String text(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }

    /** Some editors begin a file of UTF-8 with a byte order mark. */
    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** Returns a path of the script as an absolute one. */
    public String resolve(String path) {
        return RawPath.text(RawPath.resolve(dir, path).normalize());
    }

    /** Returns the line of the script that is being executed by this thread; empty if none is. */
    public Optional<Place> here() {
        return STACK.walk(frames -> frames.filter(frame -> isOurs(frame.getFileName()))
                .findFirst()
                .map(frame -> place(frame.getLineNumber())));
    }

    /** Returns the line of the script from which something was thrown; empty if it came from elsewhere. */
    public Optional<Place> origin(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (isOurs(frame.getFileName()) && frame.getLineNumber() > 0) {
                return Optional.of(place(frame.getLineNumber()));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the line from which something was thrown as one to be marked: in it the call that threw, if it is known
     * which, or else all of it. Empty if it came from elsewhere.
     */
    Optional<Mistake> marked(Throwable thrown) {
        Deque<String> calls = new ArrayDeque<>();
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (isOurs(frame.getFileName()) && frame.getLineNumber() > 0) {
                Place place = place(frame.getLineNumber());
                String line = line(place.line());
                String call = calls.stream()
                        .filter(name -> line.split("\\b%s\\b".formatted(Pattern.quote(name)), -1).length == 2)
                        .findFirst()
                        .orElse("");
                return line.isBlank() ? Optional.empty() : Optional.of(mistake(place, Span.of(call), ""));
            }
            calls.push(frame.getMethodName());
        }
        return Optional.empty();
    }

    /** Returns the place of a line, counted from 1; 0 stands for the whole file. */
    public Place place(int line) {
        return new Place(name, line);
    }

    /** Returns the last line that is not blank. */
    public Place end() {
        return place((int) text.stripTrailing().lines().count());
    }

    /** Returns a mistake in a line. */
    public Mistake mistake(Place place, Span span, String text) {
        return Mistake.at(place, span, text, line(place.line()));
    }

    /**
     * Returns what is wrong with a config as mistakes in the lines that asked for it.
     *
     * @param start the line for what no line asked for
     */
    public List<Mistake> mistakes(List<Problem> problems, SourceMap sources, Place start) {
        List<Mistake> mistakes = new ArrayList<>();
        for (Problem problem : problems) {
            String hint = problem.hint() == null ? "" : "; hint: " + problem.hint();
            String text = "container: " + problem.text() + hint;
            mistakes.add(mistake(sources.find(problem.ociPath()).orElse(start), Span.LINE, text));
        }
        return mistakes;
    }

    /** Returns a line, counted from 1; empty if there is none. */
    public String line(int number) {
        List<String> lines = text.lines().toList();
        return number < 1 || number > lines.size() ? "" : lines.get(number - 1);
    }

    /** Compiled code knows its source by the last part of the name only. */
    private boolean isOurs(String fileName) {
        return fileName != null && fileName.equals(name.substring(name.lastIndexOf('/') + 1));
    }
}
