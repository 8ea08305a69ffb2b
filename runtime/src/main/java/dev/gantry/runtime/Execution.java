package dev.gantry.runtime;

import dev.gantry.error.StateException;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A process that was added to a container and is waited for: fed, listened to, and killed when its time is out or its
 * waiter is interrupted.
 *
 * <p>It ends with the process, not with its pipes: a daemon that the process left behind may hold those for ever.
 */
public final class Execution {
    private static final int BUFFER_BYTES = 65_536;
    private static final byte END_OF_TRANSMISSION = 4;
    private static final int PIPE_BUF = 4_096; // as much as a pipe that is ready takes without blocking

    private final Kernel kernel;
    private final String containerId;
    private final List<String> args;
    private final ExecIo options;
    private final long begin = System.nanoTime();
    private final FdPair inPipe;
    private final FdPair outPipe;
    private final FdPair errPipe;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer unwritten = ByteBuffer.allocateDirect(PIPE_BUF).limit(0);
    private final List<Fd> open = new ArrayList<>();
    private Launcher.Launched launched;
    private boolean reaped;

    private Execution(Kernel kernel, String containerId, List<String> args, ExecIo options, Ends ends) {
        this.kernel = kernel;
        this.containerId = containerId;
        this.args = args;
        this.options = options;
        try {
            this.inPipe = ends.in() == null && options.in().isPresent() ? pipe() : null;
            this.outPipe = ends.out() == null ? pipe() : null;
            this.errPipe = pipe();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Descriptors that stand for its own pipes, where two processes are joined; null for none.
     *
     * @param in becomes descriptor 0
     * @param out becomes descriptor 1, of which nothing is collected then
     */
    record Ends(Fd in, Fd out) {
        static final Ends OWN = new Ends(null, null);
    }

    /** Launches the process that the function makes with given descriptors. */
    static Execution begin(
            Kernel kernel,
            String containerId,
            List<String> args,
            ExecIo options,
            Ends ends,
            Function<Stdio, Launcher.Launched> launch) {
        Execution execution = new Execution(kernel, containerId, args, options, ends);
        try (Fd nothing = kernel.open("/dev/null", 0, 0)) {
            Fd in = ends.in() != null ? ends.in() : execution.inPipe != null ? execution.inPipe.first() : nothing;
            Fd out = ends.out() != null ? ends.out() : execution.outPipe.second();
            execution.launched = launch.apply(new Stdio(in, out, execution.errPipe.second()));
            execution.closeFarEnds();
            return execution;
        } catch (RuntimeException e) {
            execution.close();
            throw e;
        }
    }

    private FdPair pipe() {
        FdPair pipe = kernel.pipe();
        open.add(pipe.first());
        open.add(pipe.second());
        return pipe;
    }

    /** What the process has and this one does not need; without it, an end is seen. */
    private void closeFarEnds() {
        if (inPipe != null) {
            inPipe.first().close();
        }
        if (outPipe != null) {
            outPipe.second().close();
        }
        errPipe.second().close();
    }

    /** Returns the pid as this process sees it. */
    public int pid() {
        return launched.pid();
    }

    /** Sends a signal; a process that has ended gets none. Any thread may call it. */
    public synchronized void signal(int signal) {
        if (!reaped) {
            kernel.signal(launched.pidfd(), signal);
        }
    }

    /**
     * Waits for the process's end; called once. Blocks.
     *
     * @throws TimeoutFailure if its time was out before; it has been killed then
     * @throws StateException if the calling thread is interrupted; it has been killed then
     */
    public ExecResult await() {
        Interruption interruption = Interruption.ofThisThread(kernel);
        try {
            End end = pump(interruption.event());
            if (end != End.PROCESS) {
                ProcessTree.kill(kernel, pid());
                kernel.poll(List.of(launched.pidfd()), new int[] {Kernel.POLLIN}, -1);
            }
            ExecResult result = new ExecResult(args, reap(), out.toByteArray(), text(err), elapsed());
            if (end == End.TIMEOUT) {
                throw new TimeoutFailure(containerId, result, options.timeout().orElseThrow());
            } else if (end == End.INTERRUPT) {
                throw new StateException("exec in `%s`: interrupted".formatted(containerId));
            }
            return result;
        } catch (UncheckedIOException e) {
            ProcessTree.kill(kernel, pid());
            reap();
            throw e;
        } finally {
            interruption.stop();
            close();
        }
    }

    private enum End {
        PROCESS,
        TIMEOUT,
        INTERRUPT
    }

    private ExitStatus reap() {
        kernel.poll(List.of(launched.pidfd()), new int[] {Kernel.POLLIN}, -1);
        synchronized (this) {
            reaped = true;
            return kernel.reap(launched.pidfd()).orElseThrow();
        }
    }

    /** Moves bytes until the process has ended and what it wrote by then is read. */
    private End pump(Fd interrupt) {
        Fd console = launched.console().orElse(null);
        Fd stdin = options.in().isEmpty() ? null : console != null ? console : inPipe.second();
        Fd stdout = console != null ? console : outPipe == null ? null : outPipe.first();
        Fd stderr = console != null ? null : errPipe.first();
        boolean ended = false;
        while (true) {
            Fd[] all = {interrupt, launched.pidfd(), stdout, stderr, stdin};
            int[] ready = poll(all, ended ? 0 : remainingMillis());
            if (!ended && ready[0] != 0) {
                return End.INTERRUPT;
            }
            boolean read = false;
            if (ready[2] != 0) {
                boolean more = take(stdout, out, options.out());
                stdout = more ? stdout : null;
                read = more;
            }
            if (ready[3] != 0) {
                boolean more = take(stderr, err, options.err());
                stderr = more ? stderr : null;
                read |= more;
            }
            if (ready[4] != 0 && !feed(stdin)) {
                endOf(stdin, console);
                stdin = null;
            }
            if (ended && !read) {
                return End.PROCESS;
            }
            ended |= ready[1] != 0;
            if (!ended && remainingMillis() == 0) {
                return End.TIMEOUT;
            }
        }
    }

    /** Polls those that are not null: an end that is closed would be ready for ever. The last is polled for writing. */
    private int[] poll(Fd[] all, int timeoutMillis) {
        List<Fd> fds = new ArrayList<>();
        int[] events = new int[all.length];
        int[] ready = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            if (all[i] != null) {
                events[fds.size()] = i == all.length - 1 ? Kernel.POLLOUT : Kernel.POLLIN;
                fds.add(all[i]);
            }
        }
        int[] found = kernel.poll(fds, events, timeoutMillis);
        for (int i = 0, next = 0; i < all.length; i++) {
            ready[i] = all[i] == null ? 0 : found[next++];
        }
        return ready;
    }

    /** Lets the process see the end of its input: that of a terminal is a character. */
    private void endOf(Fd stdin, Fd console) {
        if (console == null) {
            stdin.close();
        } else {
            kernel.write(
                    console,
                    ByteBuffer.allocateDirect(1).put(END_OF_TRANSMISSION).flip());
        }
    }

    private int remainingMillis() {
        if (options.timeout().isEmpty()) {
            return -1;
        }
        Duration left = options.timeout().get().minus(elapsed());
        return left.isNegative() ? 0 : (int) Math.min(Integer.MAX_VALUE, left.toMillis() + 1);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Answers whether there may be more. */
    private boolean take(Fd pipe, ByteArrayOutputStream sink, Optional<OutputStream> copy) {
        int count;
        try {
            count = kernel.read(pipe, buffer.clear());
        } catch (KernelException e) {
            if (e.errno() == Errno.EIO) { // the end of a terminal that nobody has open any more
                return false;
            }
            throw e;
        }
        if (count == 0) {
            return false;
        }
        byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        sink.write(bytes, 0, count);
        copy.ifPresent(to -> {
            try {
                to.write(bytes);
                to.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return true;
    }

    /** Answers whether there may be more; a process that does not read on is none of our business. */
    private boolean feed(Fd stdin) {
        try {
            if (!unwritten.hasRemaining() && !refill()) {
                return false;
            }
            kernel.write(stdin, unwritten);
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.EPIPE) {
                return false;
            }
            throw e;
        }
    }

    private boolean refill() {
        InputStream source = options.in().orElseThrow();
        byte[] bytes = new byte[PIPE_BUF];
        try {
            int count = source.read(bytes);
            if (count < 0) {
                return false;
            }
            unwritten.clear().put(bytes, 0, count).flip();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void close() {
        open.forEach(Fd::close);
        if (launched != null) {
            launched.pidfd().close();
            launched.console().ifPresent(Fd::close);
        }
    }
}
