package dev.gantry.io;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A running process of a container that this process launched: the first one, or one added by {@code exec}.
 *
 * <p>Thread-safe. Closing it does not end the process; it closes the host side of its terminal, if it has one.
 */
public final class ContainerProcess implements AutoCloseable {
    private final Kernel kernel;
    private final int pid;
    private final Fd console;
    private final ExitWatcher watcher;
    private Fd unwatched;
    private CompletableFuture<ExitStatus> exit;

    /** @param watch whether it is reaped when it ends; if not, then only if somebody here asks for its end */
    public ContainerProcess(Kernel kernel, Launched launched, ExitWatcher watcher, boolean watch) {
        this.kernel = kernel;
        this.pid = launched.pid();
        this.console = launched.console().orElse(null);
        this.watcher = watcher;
        this.unwatched = launched.pidfd();
        if (watch) {
            watched();
        }
    }

    private synchronized CompletableFuture<ExitStatus> watched() {
        if (exit == null) {
            exit = watcher.watch(unwatched).thenApply(status -> status.orElse(new ExitStatus(-1, 0)));
            unwatched = null;
        }
        return exit;
    }

    /** A process that nobody has reaped keeps its pid. */
    private synchronized boolean isReaped() {
        return exit != null && exit.isDone();
    }

    Kernel kernel() {
        return kernel;
    }

    /** Returns the pid as this process sees it. */
    public int pid() {
        return pid;
    }

    /** Returns the host side of its terminal; this object closes it. */
    public Optional<Fd> console() {
        return Optional.ofNullable(console);
    }

    /** Returns a future that completes when the process has ended, on a thread that must not be blocked. */
    public CompletableFuture<ExitStatus> exit() {
        return watched().copy();
    }

    /** Waits for the process to end. Blocks. */
    public ExitStatus waitFor() {
        return watched().join();
    }

    /** Sends a signal; a process that has ended gets none, and that is no error. */
    public void signal(int signal) {
        if (!isReaped()) {
            try (Fd pidfd = kernel.pidfd(pid)) {
                kernel.signal(pidfd, signal);
            } catch (KernelException e) {
                if (e.errno() != Errno.ESRCH) {
                    throw e;
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        if (unwatched != null) {
            unwatched.close();
        }
        if (console != null) {
            console.close();
        }
    }
}
