package dev.gantry.value;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * How a process that is added to a container is fed, listened to and bounded. The streams stay the caller's and are
 * used on the thread that waits for the process, but for {@code in}, which is read on a thread of its own.
 *
 * @param in what it reads; empty for nothing
 * @param out receives its standard output as it comes, beside the result
 * @param err receives its standard error as it comes, beside the result
 * @param timeout after which it is killed with everything it has started; empty for never
 * @param keepsLast whether, of more output than can be kept, the last part is; if not, the process is killed
 * @param script of a shell that it runs, by which messages call it; empty if it runs none
 * @param isFile whether it reads the script from descriptor 3
 */
public record ExecIo(
        Optional<InputStream> in,
        Optional<OutputStream> out,
        Optional<OutputStream> err,
        Optional<Duration> timeout,
        boolean keepsLast,
        String script,
        boolean isFile) {
    /** Reads nothing, is collected only, and may run for ever. */
    public static final ExecIo DEFAULT =
            new ExecIo(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "", false);

    /** Returns the same with something to read. */
    public ExecIo reading(InputStream source) {
        return new ExecIo(Optional.of(source), out, err, timeout, keepsLast, script, isFile);
    }

    /** Returns the same with its output copied elsewhere too. */
    public ExecIo copyingTo(OutputStream outCopy, OutputStream errCopy) {
        return new ExecIo(in, Optional.of(outCopy), Optional.of(errCopy), timeout, keepsLast, script, isFile);
    }

    /** Returns the same with a time after which it is killed. */
    public ExecIo within(Duration limit) {
        return new ExecIo(in, out, err, Optional.of(limit), keepsLast, script, isFile);
    }

    /** Returns the same, except that the process may write for ever: of very much, the last part is kept. */
    public ExecIo keepingLast() {
        return new ExecIo(in, out, err, timeout, true, script, isFile);
    }

    /** Returns the same for a process that runs a script, which it has among its words. */
    public ExecIo running(String text) {
        return new ExecIo(in, out, err, timeout, keepsLast, text, false);
    }

    /** Returns the same for a process that runs a script, which it reads from descriptor 3. */
    public ExecIo runningFile(String text) {
        return new ExecIo(in, out, err, timeout, keepsLast, text, true);
    }
}
