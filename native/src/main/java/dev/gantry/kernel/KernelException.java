package dev.gantry.kernel;

import java.io.Serial;

/** A refused system call: which one, on what, and the {@link Errno} as data. */
public final class KernelException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String call;
    private final Errno errno;

    /**
     * @param call the system call's name
     * @param argument what it was called on, for people; may be empty
     */
    public KernelException(String call, String argument, Errno errno) {
        super("%s%s: %s".formatted(call, argument.isEmpty() ? "" : " `" + argument + "`", errno.describe()));
        this.call = call;
        this.errno = errno;
    }

    /** Returns the system call's name. */
    public String call() {
        return call;
    }

    /** Returns why it was refused. */
    public Errno errno() {
        return errno;
    }
}
