package dev.gantry.error;

/** Tells that a container's state does not allow what was asked for. */
public final class StateException extends ContainerException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a remedy. */
    public StateException(String message) {
        super(ErrorKind.STATE, message);
    }

    /**
     * Creates an exception with a remedy.
     *
     * @param hint what the user can do about it, or null
     */
    public StateException(String message, String hint) {
        super(ErrorKind.STATE, message, hint, null);
    }

    /**
     * Creates an exception about a launch.
     *
     * @param operation such as {@code start `web`}
     * @param text the rest of the message
     * @param hint what the user can do about it, or null
     */
    public StateException(String operation, String text, String hint) {
        super(operation, ErrorKind.STATE, text, hint, null);
    }
}
