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
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.hint = hint;
    }

    /** Returns what kind of thing went wrong; never null. */
    public final ErrorKind kind() {
        return kind;
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
        return hint == null ? getMessage() : getMessage() + "; hint: " + hint;
    }
}
