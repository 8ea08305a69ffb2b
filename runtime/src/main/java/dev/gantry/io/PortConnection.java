package dev.gantry.io;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One connection that is passed on: two sockets, and what one of them has sent and the other does not take yet. When
 * one side has said that it sends no more, the other is told so and can go on sending. Used by one thread.
 */
final class PortConnection {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private static final int NOWHERE = -1;

    private final Kernel kernel;
    private final Fd client;
    private final Fd service;
    private final Way up;
    private final Way down;
    private boolean isConnected;
    private int clientAt = NOWHERE;
    private int serviceAt = NOWHERE;

    /** Takes over the two sockets, which do not block; the second may still be connecting. */
    PortConnection(Kernel kernel, Fd client, Fd service) {
        this.kernel = kernel;
        this.client = client;
        this.service = service;
        this.up = new Way(client, service);
        this.down = new Way(service, client);
    }

    /** Adds what this connection waits for. */
    void want(List<Fd> fds, List<Integer> events) {
        clientAt = want(client, isConnected ? events(up, down) : 0, fds, events);
        serviceAt = want(service, isConnected ? events(down, up) : Kernel.POLLOUT, fds, events);
    }

    /**
     * Returns the place in the list. A socket that nothing is wanted of has none: its hang-up would be reported again
     * and again.
     */
    private static int want(Fd socket, int wanted, List<Fd> fds, List<Integer> events) {
        if (wanted == 0) {
            return NOWHERE;
        }
        fds.add(socket);
        events.add(wanted);
        return fds.size() - 1;
    }

    private static int events(Way from, Way to) {
        return (from.takes() ? Kernel.POLLIN : 0) | (to.isFull() ? Kernel.POLLOUT : 0);
    }

    /**
     * Passes on what there is.
     *
     * @param ready what came of the events that it waited for
     * @param scratch room for what is read, empty before and after
     * @return whether the connection goes on; it is closed if not
     */
    boolean pass(int[] ready, ByteBuffer scratch) {
        boolean isClientReady = clientAt != NOWHERE && ready[clientAt] != 0;
        boolean isServiceReady = serviceAt != NOWHERE && ready[serviceAt] != 0;
        if (!isConnected) {
            isConnected = isServiceReady; // or it has failed, as reading from it will tell
            return true;
        }
        try {
            up.pass(isClientReady, isServiceReady, scratch);
            down.pass(isServiceReady, isClientReady, scratch);
            if (!up.isOver || !down.isOver) {
                return true;
            }
        } catch (KernelException e) { // one side has broken off, so the other must not take it for a good end
            scratch.clear();
            kernel.tcp().resetOnClose(client);
            kernel.tcp().resetOnClose(service);
        }
        close();
        return false;
    }

    void close() {
        client.close();
        service.close();
    }

    /** One direction. */
    private final class Way {
        private final Fd from;
        private final Fd to;
        private ByteBuffer left = NOTHING;
        private boolean hasEnded;
        private boolean isOver;

        Way(Fd from, Fd to) {
            this.from = from;
            this.to = to;
        }

        boolean takes() {
            return !hasEnded && !isFull();
        }

        boolean isFull() {
            return left.hasRemaining();
        }

        void pass(boolean isFromReady, boolean isToReady, ByteBuffer scratch) {
            if (isFull() && isToReady) {
                write(left);
            }
            if (takes() && isFromReady) {
                hasEnded = read(scratch) == 0;
                write(scratch.flip());
                left = scratch.hasRemaining() ? copy(scratch) : NOTHING;
                scratch.clear();
            }
            if (hasEnded && !isFull() && !isOver) {
                kernel.tcp().endSending(to);
                isOver = true;
            }
        }

        /** Returns how many bytes came, 0 at the end and -1 if there are none now. */
        private int read(ByteBuffer scratch) {
            try {
                return kernel.read(from, scratch);
            } catch (KernelException e) {
                return orNothing(e);
            }
        }

        private void write(ByteBuffer bytes) {
            try {
                while (bytes.hasRemaining()) {
                    kernel.write(to, bytes);
                }
            } catch (KernelException e) {
                orNothing(e);
            }
        }

        private int orNothing(KernelException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
            return -1;
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
    }
}
