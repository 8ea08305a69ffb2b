package dev.gantry.dsl.source;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Place;
import dev.gantry.error.Shown;
import dev.gantry.value.CommandFailure;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.codehaus.groovy.runtime.powerassert.PowerAssertionError;

/**
 * Tells why a running script ended early: in one line that names the line of the script, and by an exit status. The
 * output of a command that failed and the values of an assertion follow in lines of their own.
 */
public final class ScriptFailure extends ContainerException {
    private static final long serialVersionUID = 1L;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private static final Pattern ORIGIN = Pattern.compile(" \\[[\\w.\\[\\]]+]$"); // such as [process.args]

    /** Exceptions that are thrown for their message, so that their names add nothing. */
    private static final Set<Class<?>> PLAIN = Set.of(
            Exception.class,
            RuntimeException.class,
            IllegalArgumentException.class,
            IllegalStateException.class,
            AssertionError.class);

    private final int exitStatus;
    private final String excerpt;

    private ScriptFailure(
            ErrorKind kind, String message, String hint, int exitStatus, Throwable cause, String excerpt) {
        super(kind, message, hint, cause);
        this.exitStatus = exitStatus;
        this.excerpt = excerpt;
    }

    @Override
    public boolean hasDetails() {
        return true;
    }

    /** Returns whatever a script threw as the exception that its user reads, with the line that threw it. */
    public static ContainerException explained(Throwable thrown, ScriptSource source) {
        if (thrown instanceof ScriptMistakes mistakes) {
            return mistakes;
        }
        Optional<ScriptMistakes> wrongName =
                thrown instanceof Exception exception ? ScriptMistakes.ofName(exception, source) : Optional.empty();
        return wrongName.isPresent() ? wrongName.get() : of(thrown, source);
    }

    private static ScriptFailure of(Throwable thrown, ScriptSource source) {
        if (thrown instanceof ScriptFailure explained) { // of a part
            return explained;
        }
        Optional<Place> origin = origin(thrown, source);
        if (thrown instanceof ContainerException known) {
            String message = known.getMessage();
            boolean placed =
                    origin.isEmpty() || message.lines().findFirst().orElse("").contains(source.name() + ":");
            return new ScriptFailure(
                    known.kind(),
                    placed ? message : withPlace(message, origin),
                    known.hint().orElse(null),
                    exitStatus(known),
                    thrown,
                    excerpt(thrown, source));
        }
        return new ScriptFailure(
                ErrorKind.CONFIG, withPlace(text(thrown), origin), null, 1, thrown, excerpt(thrown, source));
    }

    /** An assertion that failed shows its own. */
    private static String excerpt(Throwable thrown, ScriptSource source) {
        if (thrown instanceof PowerAssertionError) {
            return "";
        }
        Optional<Mistake> marked = source.marked(thrown);
        return marked.isPresent() || thrown.getCause() == null
                ? marked.map(Mistake::excerpt).orElse("")
                : excerpt(thrown.getCause(), source);
    }

    /**
     * Returns {@link #line()} with the script's line that failed below its first line, and what failed in it marked.
     */
    public String marked() {
        String[] parts = line().split("\n", 2);
        String first = excerpt.isEmpty() ? parts[0] : parts[0] + System.lineSeparator() + excerpt;
        return parts.length == 1 ? first : first + System.lineSeparator() + parts[1];
    }

    /** Looks at what it was caused by too: it may have been thrown on another thread. */
    private static Optional<Place> origin(Throwable thrown, ScriptSource source) {
        Optional<Place> origin = source.origin(thrown);
        return origin.isPresent() || thrown.getCause() == null ? origin : origin(thrown.getCause(), source);
    }

    /** Returns the status with which the process should end. */
    public int exitStatus() {
        return exitStatus;
    }

    private static int exitStatus(ContainerException thrown) {
        if (thrown instanceof CommandFailure failure) {
            return failure.result().exit();
        }
        return switch (thrown.kind()) {
            case COMMAND_NOT_FOUND -> NOT_FOUND;
            case COMMAND_NOT_EXECUTABLE -> NOT_EXECUTABLE;
            default -> 1;
        };
    }

    /** Returns what a person needs to know of it, without its place. */
    static String text(Throwable thrown) {
        if (thrown instanceof PowerAssertionError) {
            return "assertion failed\n" + thrown.getMessage().strip();
        }
        boolean saysAll =
                thrown.getClass().getPackageName().startsWith("dev.gantry") || PLAIN.contains(thrown.getClass());
        String name = thrown.getClass().getSimpleName();
        String message = Shown.messageOf(thrown);
        return message == null ? name : saysAll ? message : name + ": " + message;
    }

    /** Puts the place at the end of the first line, into the brackets that are there or its own. */
    private static String withPlace(String message, Optional<Place> place) {
        if (place.isEmpty()) {
            return message;
        }
        String[] parts = message.split("\n", 2);
        String first = ORIGIN.matcher(parts[0]).find()
                ? parts[0].replaceFirst("]$", ", " + Matcher.quoteReplacement(place.get() + "]"))
                : "%s [%s]".formatted(parts[0], place.get());
        return parts.length == 1 ? first : first + "\n" + parts[1];
    }
}
