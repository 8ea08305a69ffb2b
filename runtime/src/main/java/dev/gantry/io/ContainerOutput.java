package dev.gantry.io;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.text.TextOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the first process of a container writes: passed on as it comes, and its last part kept. Thread-safe.
 *
 * <p>The pipes are read by the {@link OutputPump}; who needs all that has been written by now asks by {@link #drain}.
 */
public final class ContainerOutput implements AutoCloseable {
    /** What two pipes hold at the most for a process without CAP_SYS_RESOURCE, pipe(7). */
    static final int MOST_HELD_BYTES = 2 << 20;

    private static final int BUFFER_BYTES = 65_536;
    private static final int MOST_KEPT_BYTES = 1 << 20;

    private final Kernel kernel;
    private final OutputStream out;
    private final OutputStream err;
    private final FdPair outPipe;
    private final FdPair errPipe;
    private final Tail kept = new Tail(MOST_KEPT_BYTES);
    private final List<OutputSearch> searches = new ArrayList<>();
    private byte[] first; // what was written before anything had to be dropped; null as long as all is kept
    private long written;
    private boolean outEnded;
    private boolean errEnded;
    private boolean closed;

    ContainerOutput(Kernel kernel, OutputStream out, OutputStream err) {
        this.kernel = kernel;
        this.out = TextOutput.ofProgram(out);
        this.err = TextOutput.ofProgram(err);
        this.outPipe = kernel.pipe();
        this.errPipe = kernel.pipe();
    }

    /** Returns the process's ends, and this process's own standard input; they are closed by {@link #launched}. */
    public Stdio stdio() {
        return stdio(Fd.borrowed(0));
    }

    /** Returns the process's ends, with another standard input. */
    public Stdio stdio(Fd in) {
        return new Stdio(in, outPipe.second(), errPipe.second());
    }

    /** Closes the ends that the process has copies of by now. */
    public void launched() {
        outPipe.second().close();
        errPipe.second().close();
    }

    Fd outEnd() {
        return outPipe.first();
    }

    Fd errEnd() {
        return errPipe.first();
    }

    synchronized boolean isDone() {
        return closed || outEnded && errEnded;
    }

    /**
     * Passes on what has been written by now, or all that pipes hold, of one who never pauses. Does not block, unless
     * the receiver does.
     */
    public synchronized void drain() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long before = written;
        while (!closed && (!outEnded || !errEnded) && written - before <= MOST_HELD_BYTES) {
            boolean more = !outEnded && isReady(outPipe.first());
            outEnded |= more && !take(outPipe.first(), buffer, out);
            boolean moreErr = !errEnded && isReady(errPipe.first());
            errEnded |= moreErr && !take(errPipe.first(), buffer, err);
            if (!more && !moreErr) {
                return;
            }
        }
    }

    private boolean isReady(Fd pipe) {
        return kernel.poll(List.of(pipe), new int[] {Kernel.POLLIN}, 0)[0] != 0;
    }

    private boolean take(Fd pipe, ByteBuffer buffer, OutputStream to) {
        int count = kernel.read(pipe, buffer.clear());
        if (count == 0) {
            pipe.close(); // it would be ready for ever
            TextOutput.endOfProgram(to);
            return false;
        }
        byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        keep(bytes);
        try {
            to.write(bytes);
            to.flush();
        } catch (IOException e) {
            return true; // nobody listens any more; it is read all the same, or the container would stand still
        }
        return true;
    }

    private void keep(byte[] bytes) {
        if (first == null && written + bytes.length > MOST_KEPT_BYTES) {
            first = Arrays.copyOf(kept.bytes(), MOST_KEPT_BYTES);
            System.arraycopy(bytes, 0, first, (int) written, (int) (MOST_KEPT_BYTES - written));
        }
        written += bytes.length;
        kept.add(bytes);
        searches.removeIf(search -> !search.add(bytes));
    }

    /**
     * Begins to search for text in what is written to either stream, from the very first that was. Of more than two
     * mebibytes that were written before the search begins, the first and the last one are searched.
     */
    public synchronized OutputSearch search(Pattern pattern) {
        drain();
        long dropped = first == null ? 0 : Math.max(0, written - first.length - kept.size());
        OutputSearch search = new OutputSearch(this, pattern, dropped);
        boolean isOpen = true;
        if (first != null) {
            isOpen = search.add(first);
            if (isOpen && dropped > 0) {
                search.gap();
            }
        }
        if (isOpen && search.add(unsearched())) {
            searches.add(search);
        }
        return search;
    }

    /** Returns what is kept, without what {@code first} has of it. */
    private byte[] unsearched() {
        byte[] last = kept.bytes();
        int common = first == null ? 0 : (int) Math.max(0, first.length + last.length - written);
        return Arrays.copyOfRange(last, common, last.length);
    }

    synchronized void end(OutputSearch search) {
        searches.remove(search);
    }

    /** Returns the last mebibyte of what was written so far, to either stream, as UTF-8. */
    public synchronized String text() {
        drain();
        return new String(kept.bytes(), StandardCharsets.UTF_8);
    }

    /** Stops listening; a process that still writes gets SIGPIPE. */
    @Override
    public synchronized void close() {
        closed = true;
        outPipe.close();
        errPipe.close();
        TextOutput.endOfProgram(out);
        TextOutput.endOfProgram(err);
    }
}
