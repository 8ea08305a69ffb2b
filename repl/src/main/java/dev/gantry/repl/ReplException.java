package dev.gantry.repl;

/** Tells in one line what is wrong with a command of the prompt. */
final class ReplException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReplException(String message) {
        super(message);
    }

    ReplException(String message, Throwable cause) {
        super(message, cause);
    }
}
