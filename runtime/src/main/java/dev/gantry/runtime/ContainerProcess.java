package dev.gantry.runtime;

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
    private final CompletableFuture<ExitStatus> exit;

    ContainerProcess(Kernel kernel, Launcher.Launched launched, ExitWatcher watcher) {
        this.kernel = kernel;
        this.pid = launched.pid();
        this.console = launched.console().orElse(null);
        this.exit = watcher.watch(launched.pidfd()).thenApply(status -> status.orElse(new ExitStatus(-1, 0)));
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
        return exit.copy();
    }

    /** Waits for the process to end. Blocks. */
    public ExitStatus waitFor() {
        return exit.join();
    }

    /** Sends a signal; a process that has ended gets none, and that is no error. */
    public void signal(int signal) {
        if (!exit.isDone()) {
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
    public void close() {
        if (console != null) {
            console.close();
        }
    }
}
