package dev.gantry.repl;

import dev.gantry.dsl.InteractiveScript;
import dev.gantry.dsl.InteractiveScript.Evaluation;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Evaluates on a thread of its own, so that what runs for too long can be cancelled while the prompt lives on. Not
 * thread-safe, but for {@link #cancel} and {@link #close}.
 */
final class Evaluator implements AutoCloseable {
    private final InteractiveScript script;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "gantry-evaluation");
        made.setDaemon(true);
        return made;
    });
    private volatile Thread running;
    private volatile boolean cancelled;

    Evaluator(InteractiveScript script) {
        this.script = script;
    }

    /**
     * Evaluates a text; blocks until it is done or was cancelled.
     *
     * @throws RuntimeException what the evaluation threw
     */
    Evaluation evaluate(String text) {
        Future<Evaluation> result = thread.submit(() -> {
            cancelled = false;
            running = Thread.currentThread();
            try {
                return script.evaluate(text);
            } finally {
                running = null;
                Thread.interrupted(); // a cancellation that came too late is not for the next text
            }
        });
        for (; ; ) {
            try {
                return result.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                cancel(); // and go on waiting: the session is not free before the text has ended
            }
        }
    }

    /** Interrupts what is being evaluated, if anything is. May be called from any thread. */
    boolean cancel() {
        Thread busy = running;
        if (busy != null) {
            cancelled = true;
            busy.interrupt();
        }
        return busy != null;
    }

    /** Answers whether the last text was cancelled. */
    boolean wasCancelled() {
        return cancelled;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
