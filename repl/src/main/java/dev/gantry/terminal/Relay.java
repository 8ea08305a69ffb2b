package dev.gantry.terminal;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes bytes between this process's standard input and output and the terminal of a process in a container.
 *
 * <p>Neither direction ever waits for the other: a process that reads nothing while it writes, or the other way round,
 * would stand still for ever. So bytes are passed on only where {@code poll(2)} says that there is room, no more at a
 * time than a pipe takes then, and to the process's terminal without blocking: a terminal with room for a few bytes is
 * as ready for poll(2) as an empty one.
 */
final class Relay {
    /** No more than {@code PIPE_BUF}, pipe(7). */
    private static final int PORTION_BYTES = 2048;

    private final Kernel kernel;
    private final Fd console;
    private final Fd end;
    private final Flow typed;
    private final Flow written;
    private final Optional<DetachKeys> keys;

    /** Why it is over. */
    enum Over {
        /** The process has ended, or has closed its terminal; all that it wrote has been passed on. */
        ENDED,

        /** Nobody reads what it writes. */
        DEAF,

        /** The keys that leave were typed. */
        LEFT,

        /** Nothing more comes in, and somebody must be there who could leave. */
        INPUT_CLOSED
    }

    /**
     * Creates a relay.
     *
     * @param console the host side of the process's terminal
     * @param end becomes readable when the process has ended, of which others may keep its terminal open
     * @param keys if one may leave by keys; without them the process goes on when the input is at its end
     */
    Relay(Kernel kernel, Fd in, Fd out, Fd console, Fd end, Optional<DetachKeys> keys) {
        this.kernel = kernel;
        this.console = console;
        this.end = end;
        this.typed = new Flow(in, console);
        this.written = new Flow(console, out);
        this.keys = keys;
    }

    /** Bytes on their way in one direction. */
    private final class Flow {
        private final Fd from;
        private final Fd to;
        private final ByteBuffer portion =
                ByteBuffer.allocateDirect(PORTION_BYTES + 1).limit(0);
        private boolean open = true;

        Flow(Fd from, Fd to) {
            this.from = from;
            this.to = to;
        }

        boolean isFull() {
            return portion.hasRemaining();
        }

        /** Reads or writes, whichever is next; an end, or a side that is gone, closes the flow. */
        void step() {
            try {
                if (isFull()) {
                    kernel.write(to, portion);
                } else {
                    portion.clear().limit(PORTION_BYTES);
                    int count = kernel.read(from, portion);
                    portion.flip();
                    open = count > 0;
                }
            } catch (KernelException e) {
                if (e.errno() == Errno.EAGAIN) { // no room after all, or somebody else was quicker
                    portion.limit(isFull() ? portion.limit() : 0);
                    return;
                }
                open = false;
            }
        }
    }

    /** Blocks until it is over. The console blocks again afterwards. */
    Over run() {
        kernel.setBlocking(console, false);
        try {
            return pass();
        } finally {
            kernel.setBlocking(console, true);
        }
    }

    private Over pass() {
        boolean ended = false;
        for (; ; ) {
            List<Fd> fds = new ArrayList<>();
            List<Integer> events = new ArrayList<>();
            int outAt = watch(written, fds, events);
            int inAt = ended ? -1 : watch(typed, fds, events);
            int endAt = ended ? -1 : fds.size();
            if (!ended) {
                fds.add(end);
                events.add(Kernel.POLLIN);
            }
            boolean drained = ended && !written.isFull();
            int[] ready =
                    kernel.poll(fds, events.stream().mapToInt(Integer::intValue).toArray(), drained ? 0 : -1);
            if (ready[outAt] != 0) {
                boolean showing = written.isFull();
                written.step();
                if (!written.open) {
                    return showing ? Over.DEAF : Over.ENDED;
                }
            } else if (drained) {
                return Over.ENDED;
            }
            if (inAt >= 0 && ready[inAt] != 0) {
                Optional<Over> over = take();
                if (over.isPresent()) {
                    return over.get();
                }
            }
            ended |= endAt >= 0 && ready[endAt] != 0;
        }
    }

    /** Returns where it stands in the list, or -1. */
    private static int watch(Flow flow, List<Fd> fds, List<Integer> events) {
        if (!flow.open) {
            return -1;
        }
        fds.add(flow.isFull() ? flow.to : flow.from);
        events.add(flow.isFull() ? Kernel.POLLOUT : Kernel.POLLIN);
        return fds.size() - 1;
    }

    private Optional<Over> take() {
        boolean read = !typed.isFull();
        typed.step();
        if (keys.isEmpty() || !read) {
            return Optional.empty();
        }
        if (!typed.open) {
            return Optional.of(Over.INPUT_CLOSED);
        }
        byte[] bytes = new byte[typed.portion.remaining()];
        typed.portion.get(bytes);
        DetachKeys.Typed meant = keys.get().take(bytes);
        typed.portion.clear().put(meant.passed()).flip();
        return meant.leaves() ? Optional.of(Over.LEFT) : Optional.empty();
    }
}
