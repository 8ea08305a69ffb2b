package dev.gantry.io;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Gives a process what it reads, a little whenever it can go on without blocking.
 *
 * <p>A stream says neither whether it will block nor that it could go on. So a thread of its own reads it and writes
 * into a pipe, which can be polled; only what is in memory already needs none. Not thread-safe.
 */
final class InputFeed implements AutoCloseable {
    private static final int PIPE_BUF = 4_096; // as much as a pipe that is ready takes without blocking
    private static final int CHUNK_BYTES = 65_536;

    private final Kernel kernel;
    private final Fd to;
    private final InputStream memory;
    private final FdPair relay;
    private final Thread reader;
    private final ByteBuffer unwritten = ByteBuffer.allocateDirect(PIPE_BUF).limit(0);
    private volatile Exception failure;

    /**
     * Creates a feed.
     *
     * @param source stays the caller's; what blocks in it is interrupted by {@link #close} and not waited for
     */
    InputFeed(Kernel kernel, InputStream source, Fd to) {
        this.kernel = kernel;
        this.to = to;
        if (source instanceof ByteArrayInputStream) {
            this.memory = source;
            this.relay = null;
            this.reader = null;
        } else {
            this.memory = null;
            this.relay = kernel.pipe();
            this.reader = new Thread(() -> relay(source), "gantry-stdin");
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void relay(InputStream source) {
        try (Fd end = relay.second()) { // nobody else closes it: it may be in use here
            copy(source, end);
        }
    }

    /** What goes wrong is remembered before the end is seen. */
    private void copy(InputStream source, Fd end) {
        byte[] bytes = new byte[CHUNK_BYTES];
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try {
            for (int count = source.read(bytes); count >= 0; count = source.read(bytes)) {
                buffer.clear().put(bytes, 0, count).flip();
                while (buffer.hasRemaining()) {
                    kernel.write(end, buffer);
                }
            }
        } catch (KernelException e) {
            if (e.errno() != Errno.EPIPE) { // the process wants no more
                failure = e;
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /** Returns the descriptor to poll: that on which {@link #move} waits. */
    Fd awaited() {
        return writes() ? to : relay.first();
    }

    /** Returns for what to poll it. */
    int event() {
        return writes() ? Kernel.POLLOUT : Kernel.POLLIN;
    }

    private boolean writes() {
        return relay == null || unwritten.hasRemaining();
    }

    /**
     * Moves some bytes; called when the descriptor is ready. Returns whether there may be more; a process that does not
     * read on is none of our business.
     *
     * @throws IOException if the source cannot be read
     */
    boolean move() throws IOException {
        try {
            if (unwritten.hasRemaining()) {
                kernel.write(to, unwritten);
                return true;
            } else if (relay != null) {
                return refill(kernel.read(relay.first(), unwritten.clear()));
            } else if (fromMemory()) {
                kernel.write(to, unwritten);
                return true;
            }
            return false;
        } catch (KernelException e) {
            if (e.errno() == Errno.EPIPE) {
                return false;
            }
            throw e;
        }
    }

    private boolean refill(int count) throws IOException {
        unwritten.flip();
        if (count == 0 && failure != null) {
            throw failure instanceof IOException e ? e : new IOException(failure);
        }
        return count > 0;
    }

    private boolean fromMemory() throws IOException {
        byte[] bytes = new byte[PIPE_BUF];
        int count = memory.read(bytes);
        unwritten.clear().put(bytes, 0, Math.max(count, 0)).flip();
        return count >= 0;
    }

    /** Takes no more of the source. */
    @Override
    public void close() {
        if (relay != null) {
            relay.first().close();
            reader.interrupt();
        }
    }
}
