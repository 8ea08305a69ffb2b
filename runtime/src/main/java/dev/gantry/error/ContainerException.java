package dev.gantry.error;

import java.util.Objects;
import java.util.Optional;

/**
 * Tells why an operation on a container did not succeed; every error that Gantry means a user to see is one of these.
 *
 * <p>The kind is enough for most of them. A subclass exists only where an error carries more than kind, text and hint.
 *
 * <p>The message is one line: <code>operation: verb `value`: errno text (ERRNO) [origin]</code>, lower case, without a
 * full stop.
 */
public class ContainerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final String operation;
    private final String text;
    private final String hint;

    /** Creates an exception with neither hint nor cause. */
    public ContainerException(ErrorKind kind, String message) {
        this(kind, message, null, null);
    }

    /** Creates an exception without a hint. */
    public ContainerException(ErrorKind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    /**
     * Creates an exception.
     *
     * @param message without the hint
     * @param hint what the user can do about it, or null
     * @param cause null if there is none
     */
    public ContainerException(ErrorKind kind, String message, String hint, Throwable cause) {
        this(null, kind, message, hint, cause);
    }

    /**
     * Creates an exception about a launch, with which its message begins.
     *
     * @param operation such as {@code create `web`}; null for none
     * @param text the rest of the message, without the hint
     */
    public ContainerException(String operation, ErrorKind kind, String text, String hint, Throwable cause) {
        super(operation == null ? text : operation + ": " + text, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.operation = operation;
        this.text = text;
        this.hint = hint;
    }

    /** Creates an exception about a launch with neither hint nor cause. */
    public ContainerException(String operation, ErrorKind kind, String text) {
        this(operation, kind, text, null, null);
    }

    /** Returns what kind of thing went wrong; never null. */
    public final ErrorKind kind() {
        return kind;
    }

    /** Returns which launch did not succeed, such as {@code create `web`}; empty if it was about something else. */
    public final Optional<String> operation() {
        return Optional.ofNullable(operation);
    }

    /** Returns what the user can do about it; not part of {@link #getMessage()}. */
    public final Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** Returns whether lines follow the first one, such as a failed command's output; of most errors none do. */
    public boolean hasDetails() {
        return kind == ErrorKind.COMMAND_FAILED;
    }

    /** Returns the message followed by the hint, if there is one, as it is shown to a user. */
    public final String line() {
        return withHint(getMessage());
    }

    /** Returns the same without the launch, for callers that begin with words of their own. */
    public final String lineWithoutOperation() {
        return withHint(operation == null ? getMessage() : text);
    }

    private String withHint(String message) {
        return hint == null ? message : message + "; hint: " + hint;
    }
}
