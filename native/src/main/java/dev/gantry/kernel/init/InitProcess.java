package dev.gantry.kernel.init;

import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Message;
import dev.gantry.kernel.Signal;
import dev.gantry.wire.Hello;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import dev.gantry.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * A running {@code gantry-init} and the socket to it.
 *
 * <p>Closing it closes the socket: an init that still waits for the runtime ends itself then, so an abandoned launch
 * leaves no process. Not thread-safe.
 */
public final class InitProcess implements AutoCloseable {

    private static final int START_MILLIS = 1_000; // for one that could not be handed all it was to have
    private static final int FLAGS = 6; // in proc_pid_stat(5), from behind the name
    private static final int START_TIME = 19;
    private static final long FORKED_ONLY = 0x40; // PF_FORKNOEXEC

    private final Kernel kernel;
    private final Fd socket;
    private final int stageOne;
    private ExitStatus status;
    private Fd stageOnePidfd;
    private Speaker speaker;
    private Fd pipe; // where reports come from, once the init has closed the socket

    private InitProcess(Kernel kernel, Fd socket, int stageOne) {
        this.kernel = kernel;
        this.socket = socket;
        this.stageOne = stageOne;
    }

    private void listenToStageOne() {
        stageOnePidfd = kernel.pidfd(stageOne);
        speaker = Speaker.ending(kernel, stageOnePidfd);
    }

    /** Starts stage one without descriptors for the program; otherwise as the other method of this name. */
    public static InitProcess start(Kernel kernel, InitBinary program, ByteBuffer plan, Map<Slot, Fd> fds) {
        return start(kernel, program, plan, fds, List.of());
    }

    /** Does the same in this process's environment, for a program on the host that inherits it. */
    public static InitProcess startInEnvironment(
            Kernel kernel, InitBinary program, ByteBuffer plan, Map<Slot, Fd> fds) {
        return start(kernel, program, true, plan, fds, List.of());
    }

    /**
     * Starts stage one, in an empty environment, and hands it the plan.
     *
     * @param plan a finished plan, see {@link dev.gantry.wire.Orders#toBytes()}
     * @param fds the descriptors that the plan's orders use; they stay open here
     * @param preserved what the program is to find as descriptors 3 and up; they stay open here
     * @throws KernelException if the process cannot be started; nothing is left then
     */
    public static InitProcess start(
            Kernel kernel, InitBinary program, ByteBuffer plan, Map<Slot, Fd> fds, List<Fd> preserved) {
        return start(kernel, program, false, plan, fds, preserved);
    }

    private static InitProcess start(
            Kernel kernel,
            InitBinary program,
            boolean inEnvironment,
            ByteBuffer plan,
            Map<Slot, Fd> fds,
            List<Fd> preserved) {
        FdPair sockets = kernel.socketPair();
        try (Fd remote = sockets.second();
                Fd planFile = kernel.sealedMemory("gantry-plan", plan, false)) {
            int pid = kernel.spawn(program.path(), List.of("gantry-init"), inEnvironment, remote, Wire.SOCKET);
            InitProcess process = new InitProcess(kernel, sockets.first(), pid);
            try {
                process.listenToStageOne();
                List<Slot> slots = new ArrayList<>(List.of(Slot.PLAN));
                List<Fd> sent = new ArrayList<>(List.of(planFile));
                fds.forEach((slot, fd) -> {
                    slots.add(slot);
                    sent.add(fd);
                });
                kernel.send(sockets.first(), Hello.of(slots, preserved.size()), sent);
                for (int from = 0; from < preserved.size(); from += Hello.MAX_FDS) {
                    int to = Math.min(from + Hello.MAX_FDS, preserved.size());
                    process.go(preserved.subList(from, to));
                }
            } catch (RuntimeException | Error e) {
                process.endWithin(START_MILLIS);
                process.close();
                throw e;
            }
            return process;
        } catch (RuntimeException | Error e) {
            sockets.first().close();
            throw e;
        }
    }

    /** What the init said, with the descriptor that came along, which the receiver closes. */
    public record Said(Report report, Optional<Fd> fd) {
        /** Closes the descriptor of a report that needs none. */
        public void closeFd() {
            fd.ifPresent(Fd::close);
        }
    }

    /**
     * Waits for the next report; empty when the other side of the socket is closed, or when the process that reports
     * has ended or has become its program. Blocks.
     *
     * @throws IllegalArgumentException if what came is no report
     */
    public Optional<Said> next() {
        return next(() -> -1);
    }

    /**
     * Does the same for a limited time.
     *
     * @param left how many milliseconds are left, asked again and again; negative if the time is not limited
     * @throws KernelException {@code ETIMEDOUT} if none are left
     */
    public Optional<Said> next(IntSupplier left) {
        if (!speaker.awaitWord(pipe == null ? socket : pipe, left)) {
            return Optional.empty();
        }
        return pipe == null ? nextBySocket() : nextByPipe();
    }

    private Optional<Said> nextBySocket() {
        Message message;
        try {
            message = kernel.receive(socket, Report.BYTES);
        } catch (KernelException e) { // reset: the init ended with our last word unread
            return Optional.empty();
        }
        if (message.isEnd()) {
            return Optional.empty();
        }
        try {
            Said said = new Said(
                    Report.read(message.bytes()), message.fds().stream().findFirst());
            message.fds().stream().skip(1).forEach(Fd::close);
            return Optional.of(said);
        } catch (IllegalArgumentException e) {
            message.fds().forEach(Fd::close);
            throw e;
        }
    }

    private Optional<Said> nextByPipe() {
        ByteBuffer record = ByteBuffer.allocateDirect(Report.BYTES);
        if (kernel.read(pipe, record) < Report.BYTES) { // each is written whole, pipe(7)
            return Optional.empty();
        }
        return Optional.of(new Said(Report.read(record.flip()), Optional.empty()));
    }

    /**
     * Takes all later reports from a pipe, whose other end the init has in {@link Slot#REPORTS}; it stays the caller's.
     */
    public void listenTo(Fd reports) {
        pipe = reports;
    }

    /** Takes reports from stage two from now on; before, they come from stage one, or are the end. */
    public void listenTo(Speaker stageTwo) {
        speaker = stageTwo;
    }

    /**
     * Waits for the other side of the socket to be closed, and no longer than that. Blocks.
     *
     * @return what comes instead
     * @throws IllegalArgumentException if that is no report
     */
    public Optional<Said> awaitClosing(int millis) {
        boolean comes = kernel.poll(List.of(socket), new int[] {Kernel.POLLIN}, millis)[0] != 0;
        return comes ? nextBySocket() : Optional.empty();
    }

    /** Lets an init that waits go on, with the descriptors it waits for; they stay open here. */
    public void go(List<Fd> fds) {
        kernel.send(socket, ByteBuffer.allocateDirect(1).put((byte) Wire.GO).flip(), fds);
    }

    /** Returns the pid of stage one, for the time until it has made stage two. */
    public int stageOne() {
        return stageOne;
    }

    /**
     * Waits for stage one to end, and returns the stage two that it made; it may have been killed before it could
     * report that one. Empty if there is none, or once stage one is reaped: until then no other launch has its pid in a
     * name. Blocks.
     */
    public OptionalInt findStageTwo() {
        if (status != null) {
            return OptionalInt.empty();
        }
        kernel.poll(List.of(stageOnePidfd), new int[] {Kernel.POLLIN}, -1);
        return ProcessHandle.current()
                .children()
                .mapToInt(child -> (int) child.pid())
                .filter(pid -> pid != stageOne && isNamedAfterStageOne(pid))
                .findFirst();
    }

    /** A program can give itself the name, and a pid come again: stage two has executed nothing and is younger. */
    private boolean isNamedAfterStageOne(int pid) {
        try {
            String stat = stat(pid);
            String[] fields = fields(stat);
            return stat.startsWith("%d (gantry:%d) ".formatted(pid, stageOne))
                    && (Long.parseLong(fields[FLAGS]) & FORKED_ONLY) != 0
                    && Long.parseLong(fields[START_TIME]) >= Long.parseLong(fields(stat(stageOne))[START_TIME]);
        } catch (IOException e) { // gone
            return false;
        }
    }

    private static String stat(int pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
    }

    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    /** Waits for stage one to end, which it does by itself once it has made stage two, is done, or failed. */
    public ExitStatus reapStageOne() {
        if (status == null) {
            status = kernel.waitFor(stageOne);
        }
        return status;
    }

    /** Closes the socket, and kills stage one if it does not end within the time: it may be stopped. Blocks. */
    public void endWithin(int millis) {
        closeSocket();
        if (status != null) {
            return;
        }
        if (stageOnePidfd == null || kernel.poll(List.of(stageOnePidfd), new int[] {Kernel.POLLIN}, millis)[0] == 0) {
            kernel.kill(stageOne, Signal.KILL); // not reaped yet, so it is there
        }
    }

    /** Closes the socket, which ends an init that waits. */
    public void closeSocket() {
        socket.close();
    }

    /** Closes the socket, which ends an init that waits, and reaps stage one. */
    @Override
    public void close() {
        closeSocket();
        reapStageOne();
        if (stageOnePidfd != null) {
            stageOnePidfd.close();
        }
    }
}
