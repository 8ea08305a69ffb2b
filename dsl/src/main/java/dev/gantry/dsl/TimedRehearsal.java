package dev.gantry.dsl;

import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.error.Place;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Tries a script for a while only: one that waits for something, or never ends, must not keep its check. */
final class TimedRehearsal {
    private static final long STACK_BYTES = 8L << 20; // as that of the main thread

    private TimedRehearsal() {}

    /**
     * Does the work on a thread of its own. What waits is interrupted when the time is out, and passed over; what does
     * not listen is left behind on its thread, which keeps no process from its end.
     *
     * @throws ScriptMistakes with the line at which a script was left behind
     * @throws RuntimeException what the work threw
     */
    static <T> T within(Duration limit, ScriptSource source, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable e) { // thrown again on the thread that waits
                        result.completeExceptionally(e);
                    }
                },
                "gantry-check",
                STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return afterTime(limit, source, thread, result);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new ScriptMistakes(List.of(source.mistake(source.place(1), Span.LINE, "script: interrupted")), e);
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    private static <T> T afterTime(Duration limit, ScriptSource source, Thread thread, CompletableFuture<T> result) {
        Throwable where = new IllegalStateException("a check that takes too long");
        where.setStackTrace(thread.getStackTrace());
        try {
            for (long i = 0; i < limit.toMillis(); i += 10) { // each wait of the script is interrupted by itself
                thread.interrupt();
                thread.join(10);
                if (result.isDone()) {
                    return result.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw thrown(e);
        }
        Place place = source.origin(where).orElse(source.place(1));
        String text = "script: its check gave up here after %d s; hint: a check passes over what a container does, not"
                        .formatted(2 * limit.toSeconds())
                + " what the script itself waits for";
        throw new ScriptMistakes(List.of(source.mistake(place, Span.LINE, text)), where);
    }

    private static RuntimeException thrown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return (RuntimeException) e.getCause(); // a supplier throws no other
    }
}
