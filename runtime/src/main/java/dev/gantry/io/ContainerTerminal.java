package dev.gantry.io;

import dev.gantry.error.StateException;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.TerminalSize;
import dev.gantry.oci.ConsoleSize;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The terminal of a process in a container, to which a person may come and go. While nobody is there it is read all the
 * same, or the process would stand still; the last of it is shown to who comes next.
 *
 * <p>It closes itself when the process has ended and nobody is there any more. Thread-safe.
 */
public final class ContainerTerminal {
    private static final int BUFFER_BYTES = 16_384;
    private static final int MOST_KEPT_BYTES = 65_536;

    /** So long a program has to see that the size has changed, before it changes back. */
    private static final long REDRAW_MILLIS = 50;

    private final Kernel kernel;
    private final ContainerProcess process;
    private final Fd console;
    private final Fd ended;
    private final Tail missed = new Tail(MOST_KEPT_BYTES);
    private Thread reader;
    private Fd stop;
    private boolean closed;
    private boolean left;

    private ContainerTerminal(ContainerProcess process) {
        this.kernel = process.kernel();
        this.process = process;
        this.console = process.console().orElseThrow();
        this.ended = kernel.eventFd();
        process.exit().thenRun(this::tellEnd);
    }

    /** Takes the terminal of a process, which this process must have launched with one; nobody is there yet. */
    public static ContainerTerminal of(ContainerProcess process) {
        ContainerTerminal terminal = new ContainerTerminal(process);
        terminal.listen();
        return terminal;
    }

    /** Returns the process. */
    public ContainerProcess process() {
        return process;
    }

    /** Returns whether nobody can come any more. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Lends a person's terminal to the process until either leaves. Blocks.
     *
     * @throws StateException if the process has ended before, or somebody else is there
     */
    public UserTerminal.Parting attach(UserTerminal user) {
        stopListening();
        UserTerminal.Parting parting = UserTerminal.Parting.ENDED;
        try {
            user.show(takeMissed());
            if (!isClosed()) {
                if (left) {
                    askToRedraw(user.size());
                }
                parting = user.lend(console, ended);
            }
        } finally {
            if (parting == UserTerminal.Parting.LEFT) {
                left = true;
                listen();
            } else {
                close();
            }
        }
        return parting;
    }

    /**
     * Makes the terminal a column narrower for a moment: programs that know of SIGWINCH draw their screen or their
     * prompt again when it becomes as wide as the person's.
     */
    private void askToRedraw(ConsoleSize size) {
        int columns = Math.max(1, size.width().intValue() - 1);
        kernel.terminals().setSize(console, new TerminalSize(size.height().intValue(), columns));
        try {
            Thread.sleep(REDRAW_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void listen() {
        stop = kernel.eventFd();
        Fd stopping = stop;
        reader = new Thread(() -> read(stopping), "gantry-terminal");
        reader.setDaemon(true);
        reader.start();
    }

    private void stopListening() {
        Thread listening;
        synchronized (this) {
            if (closed && missed.size() > 0) {
                return;
            }
            if (closed || reader == null) {
                throw new StateException(
                        closed ? "attach: the process has ended" : "attach: somebody else is at the terminal");
            }
            listening = reader;
            reader = null;
            kernel.wake(stop);
        }
        join(listening);
    }

    /** Returns what was written while nobody was there. */
    private synchronized byte[] takeMissed() {
        byte[] all = missed.bytes();
        missed.clear();
        return all;
    }

    private static void join(Thread listening) {
        boolean interrupted = false;
        while (listening.isAlive()) { // for as long as a poll takes to wake
            try {
                listening.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads until somebody comes or the process has ended. */
    private void read(Fd stopping) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        List<Fd> fds = List.of(stopping, ended, console);
        int[] wanted = {Kernel.POLLIN, Kernel.POLLIN, Kernel.POLLIN};
        try {
            for (; ; ) {
                int[] ready = kernel.poll(fds, wanted, -1);
                if (ready[0] != 0) {
                    return;
                }
                boolean over = ready[2] == 0 ? ready[1] != 0 : !keep(buffer);
                if (over) {
                    close();
                    return;
                }
            }
        } finally {
            stopping.close();
        }
    }

    /** Returns whether there may be more; a terminal whose other side is gone says EIO. */
    private boolean keep(ByteBuffer buffer) {
        int count;
        try {
            count = kernel.read(console, buffer.clear());
        } catch (KernelException e) {
            return false;
        }
        byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        synchronized (this) {
            missed.add(bytes);
        }
        return count > 0;
    }

    private synchronized void tellEnd() {
        if (!closed) {
            kernel.wake(ended);
        }
    }

    private synchronized void close() {
        if (!closed) {
            closed = true;
            process.close();
            ended.close();
        }
    }
}
