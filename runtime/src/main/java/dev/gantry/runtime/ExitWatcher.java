package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Learns of the end of any number of processes on one thread, by their pidfds, and reaps those that are children of
 * this process. The thread starts with the first process to be watched.
 */
final class ExitWatcher implements AutoCloseable {
    private static final long STOP = 0;

    private final Kernel kernel;
    private final Fd epoll;
    private final Fd stop;
    private final AtomicLong tokens = new AtomicLong(STOP + 1);
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private Thread thread;
    private boolean closed;

    ExitWatcher(Kernel kernel) {
        this.kernel = kernel;
        this.epoll = kernel.epoll();
        this.stop = kernel.eventFd();
        kernel.epollAdd(epoll, stop, Kernel.POLLIN, STOP);
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
        long token = tokens.getAndIncrement();
        watched.put(token, new Watched(pidfd, exit));
        synchronized (this) {
            if (thread == null) {
                thread = new Thread(this::loop, "gantry-exits");
                thread.setDaemon(true);
                thread.start();
            }
        }
        kernel.epollAdd(epoll, pidfd, Kernel.POLLIN, token);
        return exit;
    }

    private void loop() {
        for (; ; ) {
            for (long token : kernel.epollWait(epoll)) {
                if (token == STOP) {
                    return;
                }
                Watched ended = watched.remove(token);
                if (ended != null) {
                    end(ended);
                }
            }
        }
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
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        kernel.wake(stop);
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watched.values().forEach(this::end);
        epoll.close();
        stop.close();
    }
}
