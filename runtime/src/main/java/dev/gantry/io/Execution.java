package dev.gantry.io;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.files.IoReason;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.proc.ProcessTree;
import dev.gantry.proc.Unkillable;
import dev.gantry.value.AddedProcess;
import dev.gantry.value.ExecIo;
import dev.gantry.value.ExecResult;
import dev.gantry.value.TimeoutFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * A process that was added to a container and is waited for: fed, listened to, and killed when its time is out or its
 * waiter is interrupted.
 *
 * <p>It ends with the process, not with its pipes: a daemon that the process left behind may hold those for ever.
 */
public final class Execution implements AddedProcess {
    private static final int BUFFER_BYTES = 65_536;
    private static final byte END_OF_TRANSMISSION = 4;

    private final Kernel kernel;
    private final String containerId;
    private final List<String> args;
    private final ExecIo options;
    private final long begin = System.nanoTime();
    private final FdPair inPipe;
    private final FdPair outPipe;
    private final FdPair errPipe;
    private final CollectedOutput out;
    private final CollectedOutput err;
    private final Interleaved both = new Interleaved();
    private final Function<ExitStatus, Optional<String>> shortage;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final List<Fd> open = new ArrayList<>();
    private Launched launched;
    private boolean reaped;
    private boolean left;

    private Execution(
            Kernel kernel,
            String containerId,
            List<String> args,
            ExecIo options,
            Ends ends,
            Function<ExitStatus, Optional<String>> shortage) {
        this.kernel = kernel;
        this.shortage = shortage;
        this.containerId = containerId;
        this.args = args;
        this.options = options;
        this.out = new CollectedOutput(options.out(), options.keepsLast());
        this.err = new CollectedOutput(options.err(), options.keepsLast());
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
    public record Ends(Fd in, Fd out) {
        public static final Ends OWN = new Ends(null, null);
    }

    /**
     * Launches the process that the function makes with given descriptors, in as many milliseconds as are left then.
     *
     * @param shortage says which limit the container has reached until the process ended so
     * @throws TimeoutFailure if its time was out before; it has been killed then
     */
    public static Execution begin(
            Kernel kernel,
            String containerId,
            List<String> args,
            ExecIo options,
            Ends ends,
            Function<ExitStatus, Optional<String>> shortage,
            BiFunction<Stdio, IntSupplier, Launched> launch) {
        Execution execution = new Execution(kernel, containerId, args, options, ends, shortage);
        try (Fd nothing = kernel.open("/dev/null");
                Fd script = options.isFile() ? execution.scriptFile() : null) {
            Fd in = ends.in() != null ? ends.in() : execution.inPipe != null ? execution.inPipe.first() : nothing;
            Fd out = ends.out() != null ? ends.out() : execution.outPipe.second();
            Stdio stdio = new Stdio(in, out, execution.errPipe.second(), script == null ? List.of() : List.of(script));
            execution.launched = launch.apply(stdio, execution::remainingMillis);
            execution.closeFarEnds();
            return execution;
        } catch (OverdueLaunch e) {
            execution.close();
            throw execution.overdue();
        } catch (RuntimeException e) {
            execution.close();
            throw e;
        }
    }

    private TimeoutFailure overdue() {
        ExitStatus killed = new ExitStatus(-1, Signal.KILL.number());
        ExecResult result =
                new ExecResult(args, killed, new byte[0], "", elapsed(), new ExecResult.Told(options.script(), "", ""));
        return new TimeoutFailure(containerId, result, options.timeout().orElseThrow());
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

    @Override
    public int pid() {
        return launched.pid();
    }

    @Override
    public synchronized void signal(int signal) {
        if (!reaped) {
            kernel.signal(launched.pidfd(), signal);
        }
    }

    @Override
    public ExecResult await() {
        try {
            return awaitEnd();
        } catch (RuntimeException | Error e) { // a dead child that nobody waits for keeps its pid namespace alive
            if (!reaped && !left) {
                ProcessTree.kill(kernel, pid());
                if (Unkillable.hasEnded(kernel, launched.pidfd())) {
                    reap();
                } else {
                    leave();
                }
            }
            throw e;
        } finally {
            close();
        }
    }

    private ExecResult awaitEnd() {
        Interruption interruption = Interruption.ofThisThread(kernel);
        try {
            End end = pump(interruption.event());
            if (end != End.PROCESS) {
                ProcessTree.kill(kernel, pid());
                requireEnd();
            }
            ExitStatus status = reap();
            ExecResult result = new ExecResult(args, status, out.bytes(), text(err), elapsed(), told(status));
            switch (end) {
                case TIMEOUT ->
                    throw new TimeoutFailure(
                            containerId, result, options.timeout().orElseThrow());
                case INTERRUPT -> throw new StateException(operation(), "interrupted", null);
                case TOO_MUCH -> throw tooMuch();
                case PROCESS -> {}
            }
            return result;
        } finally {
            interruption.stop();
        }
    }

    private ExecResult.Told told(ExitStatus status) {
        Optional<String> why = status.shell() == 0 ? Optional.empty() : shortage.apply(status);
        return new ExecResult.Told(options.script(), both.text(), why.orElse(""));
    }

    private Fd scriptFile() {
        byte[] text = options.script().getBytes(StandardCharsets.UTF_8);
        return kernel.sealedMemory(
                "gantry-script",
                ByteBuffer.allocateDirect(text.length).put(text).flip(),
                false);
    }

    private void requireEnd() {
        if (!Unkillable.hasEnded(kernel, launched.pidfd())) {
            leave();
            throw new StateException(
                    operation(),
                    "`%s` was killed and does not end".formatted(ExecResult.words(args, options.script())),
                    Unkillable.hint(List.of(pid())).orElse(null));
        }
    }

    /** Leaves a process that does not end to a thread that reaps it once it does. */
    private void leave() {
        left = true;
        Unkillable.leave(() -> {
            reap();
            launched.pidfd().close();
        });
    }

    private String operation() {
        return "%s in `%s`".formatted(ExecResult.verb(options.script()), containerId);
    }

    private ContainerException tooMuch() {
        return new ContainerException(
                operation(),
                ErrorKind.COMMAND_FAILED,
                "`%s` was killed: it wrote more than %d MiB"
                        .formatted(ExecResult.words(args, options.script()), CollectedOutput.MOST_BYTES >> 20),
                "let it write to a file, or into a pipe",
                null);
    }

    private enum End {
        PROCESS,
        TIMEOUT,
        INTERRUPT,
        TOO_MUCH
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
        try (InputFeed feed =
                stdin == null ? null : new InputFeed(kernel, options.in().get(), stdin)) {
            return pump(interrupt, console, stdin, feed);
        }
    }

    private End pump(Fd interrupt, Fd console, Fd stdin, InputFeed input) {
        Fd stdout = console != null ? console : outPipe == null ? null : outPipe.first();
        Fd stderr = console != null ? null : errPipe.first();
        InputFeed feed = input;
        boolean ended = false;
        long afterwards = 0;
        while (true) {
            Fd[] all = {interrupt, launched.pidfd(), stdout, stderr, feed == null ? null : feed.awaited()};
            int[] ready = PollTable.poll(kernel, all, feed == null ? 0 : feed.event(), ended ? 0 : remainingMillis());
            if (!ended && ready[0] != 0) {
                return End.INTERRUPT;
            }
            boolean read = false;
            for (int i = 2; i <= 3; i++) {
                if (ready[i] != 0) {
                    byte[] bytes = read(all[i]);
                    if (bytes.length == 0) {
                        stdout = i == 2 ? null : stdout;
                        stderr = i == 3 ? null : stderr;
                    } else {
                        both.add(i == 2, bytes);
                        if (!(i == 2 ? out : err).add(bytes)) {
                            return End.TOO_MUCH;
                        }
                    }
                    read |= bytes.length > 0;
                    afterwards += ended ? bytes.length : 0;
                }
            }
            if (ready[4] != 0 && !move(feed)) {
                endOf(stdin, console);
                feed = null;
            }
            if (ended && (!read || afterwards > ContainerOutput.MOST_HELD_BYTES)) { // others may write for ever
                return End.PROCESS;
            }
            ended |= ready[1] != 0;
            if (!ended && remainingMillis() == 0) {
                return End.TIMEOUT;
            }
        }
    }

    private boolean move(InputFeed feed) {
        try {
            return feed.move();
        } catch (IOException e) {
            throw IoReason.failure(
                    "exec in `%s`: what `%s` was to read".formatted(containerId, String.join(" ", args)), e);
        }
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

    /** Returns what can be read now; nothing at the end. */
    private byte[] read(Fd pipe) {
        try {
            byte[] bytes = new byte[kernel.read(pipe, buffer.clear())];
            buffer.flip().get(bytes);
            return bytes;
        } catch (KernelException e) {
            if (e.errno() == Errno.EIO) { // the end of a terminal that nobody has open any more
                return new byte[0];
            }
            throw e;
        }
    }

    private static String text(CollectedOutput output) {
        return new String(output.bytes(), StandardCharsets.UTF_8);
    }

    private void close() {
        open.forEach(Fd::close);
        out.end();
        err.end();
        if (launched != null) {
            if (!left) {
                launched.pidfd().close();
            }
            launched.console().ifPresent(Fd::close);
        }
    }
}
