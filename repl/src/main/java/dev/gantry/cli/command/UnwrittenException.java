package dev.gantry.cli.command;

import dev.gantry.files.IoReason;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Signal;
import java.io.IOException;

/** The answer of a command did not reach its reader. */
public final class UnwrittenException extends RuntimeException {
    /** As a shell reports a program that SIGPIPE has ended, which is how git and runc end then. */
    public static final int BY_CLOSED_PIPE = ExitStatus.SIGNALLED + Signal.PIPE.number();

    private static final long serialVersionUID = 1L;
    private final boolean unread;

    UnwrittenException(IOException cause, boolean unread) {
        super("write to standard output: " + IoReason.of(cause), cause);
        this.unread = unread;
    }

    /** Returns whether nobody reads it any more, which is for the reader to decide and no error. */
    public boolean isUnread() {
        return unread;
    }
}
