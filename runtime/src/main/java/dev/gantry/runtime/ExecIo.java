package dev.gantry.runtime;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * How a process that is added to a container is fed, listened to and bounded. The streams stay the caller's and are used
 * on the thread that waits for the process.
 *
 * @param in what it reads; empty for nothing. Reading it should not block: while it does, nothing else is seen
 * @param out receives its standard output as it comes, beside the result
 * @param err receives its standard error as it comes, beside the result
 * @param timeout after which it is killed with everything it has started; empty for never
 */
public record ExecIo(
        Optional<InputStream> in, Optional<OutputStream> out, Optional<OutputStream> err, Optional<Duration> timeout) {
    /** Reads nothing, is collected only, and may run for ever. */
    public static final ExecIo DEFAULT =
            new ExecIo(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Returns the same with something to read. */
    public ExecIo reading(InputStream source) {
        return new ExecIo(Optional.of(source), out, err, timeout);
    }

    /** Returns the same with its output copied elsewhere too. */
    public ExecIo copyingTo(OutputStream outCopy, OutputStream errCopy) {
        return new ExecIo(in, Optional.of(outCopy), Optional.of(errCopy), timeout);
    }

    /** Returns the same with a time after which it is killed. */
    public ExecIo within(Duration limit) {
        return new ExecIo(in, out, err, Optional.of(limit));
    }
}
