package dev.gantry.cli.oci;

import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Log;
import dev.gantry.io.NotifySocket;
import dev.gantry.kernel.KernelException;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Internals;
import dev.gantry.value.CreateOptions;
import java.util.Optional;

/**
 * Telling a caller that waits for readiness by {@code NOTIFY_SOCKET}, sd_notify(3), what the container's program says
 * of its own.
 *
 * <p>A caller that cannot be reached is worth a warning and stops nothing, as with sd_notify(3) itself.
 */
final class Readiness implements AutoCloseable {
    private static final String VARIABLE = "NOTIFY_SOCKET";
    private static final long LAST_WORDS_MILLIS = 1000;

    private final Log log;
    private final Optional<String> caller;
    private Optional<NotifySocket> socket = Optional.empty();
    private Thread thread;

    private Readiness(Log log, Optional<String> caller) {
        this.log = log;
        this.caller = caller;
    }

    /** Finds out whether somebody waits, and listens. */
    static Readiness of(Invocation in, Gantry gantry) {
        Optional<String> caller = Optional.ofNullable(System.getenv(VARIABLE)).filter(address -> !address.isEmpty());
        return new Readiness(in.log(), caller.filter(address -> isReached(in.log(), gantry, address)));
    }

    private static boolean isReached(Log log, Gantry gantry, String address) {
        try {
            Internals.requireListener(gantry, address);
            return true;
        } catch (KernelException e) {
            warn(log, address, e);
            return false;
        }
    }

    private static void warn(Log log, String address, KernelException e) {
        log.warning("nobody is told that the container is ready: reach `%s` of %s: %s"
                .formatted(address, VARIABLE, e.errno().describe()));
    }

    /** Returns whether somebody waits. */
    boolean isAwaited() {
        return caller.isPresent();
    }

    /** Returns the same options for a container whose program can tell. */
    CreateOptions offered(CreateOptions options) {
        return isAwaited() ? options.withNotifySocket() : options;
    }

    /** Begins to listen, if somebody waits, to a container that has not started. */
    void listenTo(Container container) {
        caller.ifPresent(address -> {
            try {
                socket = Internals.notifications(container, address);
            } catch (KernelException e) { // gone since it was reached
                warn(log, address, e);
            }
        });
    }

    /** Waits until the program says that it is ready, or has ended, so that this process may end with its pid known. */
    void await(Container container) {
        socket.ifPresent(s -> {
            try {
                s.passOnUntilReady(container.state().pid());
            } catch (KernelException e) {
                log.warning("the caller does not listen any more: " + e.getMessage());
            }
        });
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
