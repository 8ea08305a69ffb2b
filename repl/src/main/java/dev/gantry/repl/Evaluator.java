package dev.gantry.repl;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Evaluates on a thread of its own, so that what runs for too long can be cancelled while the prompt lives on. One
 * evaluation at a time; {@link #cancel} may be called from any thread.
 */
final class Evaluator implements AutoCloseable {
    /** So often a person asks for the end of code that does not hear interrupts, before it is left to itself. */
    private static final int PATIENCE = 3;

    private Thread running;
    private CompletableFuture<?> awaited;
    private int cancellations;

    /** Thrown when an evaluation is not waited for any longer, although it goes on. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Does some work; blocks until it is done or was cancelled.
     *
     * @throws Abandoned if it was cancelled three times and does not end
     * @throws RuntimeException what the work threw
     */
    <T> T evaluate(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        begin(work, result);
        try {
            for (; ; ) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    cancel(); // and go on waiting: the session is not free before the text has ended
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause().toString(), e.getCause());
        } finally {
            end();
        }
    }

    private synchronized <T> void begin(Supplier<T> work, CompletableFuture<T> result) {
        cancellations = 0;
        awaited = result;
        running = new Thread(
                () -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable e) { // the edge: it is thrown to who waits
                        result.completeExceptionally(e);
                    }
                },
                "gantry-evaluation");
        running.setDaemon(true);
        running.start();
    }

    private synchronized void end() {
        running = null;
    }

    /** Interrupts what is being evaluated, if anything is; the third time, leaves it to itself. */
    synchronized void cancel() {
        if (running == null) {
            return;
        }
        cancellations++;
        running.interrupt();
        if (cancellations == PATIENCE) {
            awaited.completeExceptionally(new Abandoned());
        }
    }

    /** Returns whether the last evaluation was cancelled. */
    synchronized boolean wasCancelled() {
        return cancellations > 0;
    }

    /** Lets {@link #wasCancelled} speak of what is evaluated from now on. */
    synchronized void forgetCancellations() {
        cancellations = 0;
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.interrupt();
        }
    }
}
