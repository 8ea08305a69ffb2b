package dev.gantry.io;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Learns of the end of any number of processes on one thread, by their pidfds, and reaps those that are children of
 * this process. The thread starts with the first process to be watched.
 */
public final class ExitWatcher implements AutoCloseable {
    private final Kernel kernel;
    private final EventLoop<Watched> loop;

    public ExitWatcher(Kernel kernel) {
        this.kernel = kernel;
        this.loop = new EventLoop<>(kernel, "gantry-exits", this::hasEnded);
    }

    private record Watched(Fd pidfd, CompletableFuture<Optional<ExitStatus>> exit) {}

    /**
     * Watches a process.
     *
     * @param pidfd belongs to the watcher from now on, which closes it when the process has ended
     * @return completed on the watcher's thread; empty for a process that is not a child of this one
     */
    CompletableFuture<Optional<ExitStatus>> watch(Fd pidfd) {
        CompletableFuture<Optional<ExitStatus>> exit = new CompletableFuture<>();
        loop.add(new Watched(pidfd, exit), pidfd, Kernel.POLLIN);
        return exit;
    }

    private void hasEnded(Watched ended, long token) {
        loop.remove(token);
        end(ended);
    }

    private void end(Watched ended) {
        Optional<ExitStatus> status;
        try (Fd pidfd = ended.pidfd()) {
            status = kernel.reap(pidfd);
            if (status.isEmpty()) {
                return; // still running: the watcher is being closed
            }
        } catch (KernelException e) {
            if (e.errno() != Errno.ECHILD) {
                ended.exit().completeExceptionally(e);
                return;
            }
            status = Optional.empty();
        }
        ended.exit().complete(status);
    }

    /** Stops watching; those that have just ended are still reaped, others go on and their futures never complete. */
    @Override
    public void close() {
        loop.close();
        loop.removeIf(watched -> {
            end(watched);
            return true;
        });
    }
}
