package dev.gantry.seccomp;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The agent that decides on calls for which a rule says {@code SCMP_ACT_NOTIFY}: a program that listens on a unix
 * socket for the listeners of new filters. Thread-safe.
 */
public final class SeccompAgent {
    private final Kernel kernel;
    private final String path;

    /**
     * Names the agent; nothing is connected yet.
     *
     * @param path host path of its {@code SOCK_STREAM} socket
     */
    public SeccompAgent(Kernel kernel, String path) {
        this.kernel = kernel;
        this.path = path;
    }

    /**
     * Hands a listener over, in one message with the state of the process whose calls it tells of. May block.
     *
     * @param listener stays open here
     * @throws KernelException if nobody listens on the socket
     */
    public void take(Fd listener, FilteredProcess process) {
        byte[] state = process.toJson();
        try (Fd socket = connect()) {
            kernel.send(
                    socket, ByteBuffer.allocateDirect(state.length).put(state).flip(), List.of(listener));
        }
    }

    private Fd connect() {
        try {
            return kernel.connect(path);
        } catch (KernelException e) {
            throw new KernelException("failed to connect with seccomp agent `%s`".formatted(path), "", e.errno());
        }
    }
}
