package dev.gantry.kernel.init;

import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Message;
import dev.gantry.wire.Hello;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import dev.gantry.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running {@code gantry-init} and the socket to it.
 *
 * <p>Closing it closes the socket: an init that still waits for the runtime ends itself then, so an abandoned launch
 * leaves no process. Not thread-safe.
 */
public final class InitProcess implements AutoCloseable {
    private final Kernel kernel;
    private final Fd socket;
    private final int stageOne;
    private ExitStatus status;

    private InitProcess(Kernel kernel, Fd socket, int stageOne) {
        this.kernel = kernel;
        this.socket = socket;
        this.stageOne = stageOne;
    }

    /** Starts stage one without descriptors for the program; otherwise as the other method of this name. */
    public static InitProcess start(Kernel kernel, InitBinary program, ByteBuffer plan, Map<Slot, Fd> fds) {
        return start(kernel, program, plan, fds, List.of());
    }

    /**
     * Starts stage one and hands it the plan.
     *
     * @param plan a finished plan, see {@link dev.gantry.wire.Orders#toBytes()}
     * @param fds the descriptors that the plan's orders use; they stay open here
     * @param preserved what the program is to find as descriptors 3 and up; they stay open here
     * @throws KernelException if the process cannot be started; nothing is left then
     */
    public static InitProcess start(
            Kernel kernel, InitBinary program, ByteBuffer plan, Map<Slot, Fd> fds, List<Fd> preserved) {
        FdPair sockets = kernel.socketPair();
        try (Fd remote = sockets.second();
                Fd planFile = kernel.sealedMemory("gantry-plan", plan, false)) {
            int pid = kernel.spawn(program.path(), List.of("gantry-init"), remote, Wire.SOCKET);
            InitProcess process = new InitProcess(kernel, sockets.first(), pid);
            List<Slot> slots = new ArrayList<>(List.of(Slot.PLAN));
            List<Fd> sent = new ArrayList<>(List.of(planFile));
            fds.forEach((slot, fd) -> {
                slots.add(slot);
                sent.add(fd);
            });
            preserved.forEach(fd -> {
                slots.add(Slot.PRESERVED);
                sent.add(fd);
            });
            try {
                kernel.send(sockets.first(), Hello.of(slots), sent);
            } catch (KernelException e) {
                process.close();
                throw e;
            }
            return process;
        } catch (RuntimeException e) {
            sockets.first().close();
            throw e;
        }
    }

    /** What the init said, with the descriptor that came along. */
    public record Said(Report report, Optional<Fd> fd) {}

    /** Waits for the next report; empty when the other side of the socket is closed. Blocks. */
    public Optional<Said> next() {
        Message message;
        try {
            message = kernel.receive(socket, Report.BYTES);
        } catch (KernelException e) { // reset: the init ended with our last word unread
            return Optional.empty();
        }
        if (message.isEnd()) {
            return Optional.empty();
        }
        return Optional.of(
                new Said(Report.read(message.bytes()), message.fds().stream().findFirst()));
    }

    /** Lets an init that waits go on, with the descriptors it waits for; they stay open here. */
    public void go(List<Fd> fds) {
        kernel.send(socket, ByteBuffer.allocateDirect(1).put((byte) Wire.GO).flip(), fds);
    }

    /** Returns the pid of stage one, for the time until it has made stage two. */
    public int stageOne() {
        return stageOne;
    }

    /** Waits for stage one to end, which it does by itself once it has made stage two, is done, or failed. */
    public ExitStatus reapStageOne() {
        if (status == null) {
            status = kernel.waitFor(stageOne);
        }
        return status;
    }

    /** Closes the socket, which ends an init that waits, and reaps stage one. */
    @Override
    public void close() {
        socket.close();
        reapStageOne();
    }
}
