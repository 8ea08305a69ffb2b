package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.KernelException;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.CreateOptions;
import dev.gantry.runtime.NotifySocket;
import java.util.Optional;

/**
 * Telling a caller that waits for readiness by {@code NOTIFY_SOCKET}, sd_notify(3), what the container's program says of
 * its own.
 */
final class Readiness implements AutoCloseable {
    static final Readiness UNASKED = new Readiness(Optional.empty());

    private static final long LAST_WORDS_MILLIS = 1000;

    private final Optional<NotifySocket> socket;
    private Thread thread;

    private Readiness(Optional<NotifySocket> socket) {
        this.socket = socket;
    }

    private static Optional<String> caller() {
        return Optional.ofNullable(System.getenv("NOTIFY_SOCKET")).filter(address -> !address.isEmpty());
    }

    /** Answers whether somebody waits. */
    static boolean isAwaited() {
        return caller().isPresent();
    }

    /** Returns the same options for a container whose program can tell. */
    static CreateOptions offered(CreateOptions how) {
        return isAwaited() ? how.withNotifySocket() : how;
    }

    /**
     * Begins to listen, if somebody waits, to a container that has not started.
     *
     * @throws ContainerException if nobody listens at the address
     */
    static Readiness of(Container container) {
        try {
            return new Readiness(caller().flatMap(container::notifications));
        } catch (KernelException e) {
            throw new ContainerException(
                    ErrorKind.IO,
                    "reach `%s` of NOTIFY_SOCKET: %s"
                            .formatted(caller().orElseThrow(), e.errno().describe()),
                    e);
        }
    }

    /** Waits until the program says that it is ready, or has ended, so that this process may end with its pid known. */
    void await(Container container) {
        socket.ifPresent(s -> s.passOnUntilReady(container.state().pid()));
    }

    /** Passes everything on, on a thread of its own, until the program has ended. */
    void passOn() {
        socket.ifPresent(s -> {
            thread = new Thread(() -> stay(s), "gantry-notify");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static void stay(NotifySocket socket) {
        try {
            if (socket.passOnUntilReady(ProcessHandle.current().pid())) {
                socket.passOn();
            }
        } catch (KernelException e) {
            return; // the caller listens no more, which is no reason to end its container
        }
    }

    /** Waits a moment for the last words of a program that has ended. */
    @Override
    public void close() {
        try {
            if (thread != null) {
                thread.join(LAST_WORDS_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread == null || !thread.isAlive()) {
            socket.ifPresent(NotifySocket::close);
        }
    }
}
