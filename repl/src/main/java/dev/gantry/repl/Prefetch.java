package dev.gantry.repl;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Lists that take a system call to make, made on a thread of their own: who asks gets what is known by now, and the
 * list is made again for the next time. Thread-safe.
 */
final class Prefetch implements AutoCloseable {
    /** What a person does not notice. Of a list that nobody has asked for before, so long is waited. */
    private static final long PATIENCE_MILLIS = 25;

    private static final int MOST_LISTS = 500;

    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final Map<String, Future<?>> begun = new ConcurrentHashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "gantry-prefetch");
        made.setDaemon(true);
        return made;
    });

    /** Has a list made, for those who ask for it later; one that is being made is not begun again. */
    private Future<?> fill(String key, Supplier<List<String>> maker) {
        return begun.computeIfAbsent(
                key,
                wanted -> thread.submit(() -> {
                    try {
                        if (known.size() >= MOST_LISTS) {
                            known.clear();
                        }
                        known.put(key, maker.get());
                    } finally {
                        begun.remove(key);
                    }
                }));
    }

    /** Returns a list as it was when it was last made; empty if it cannot be made, or not so soon. */
    List<String> get(String key, Supplier<List<String>> maker) {
        try {
            Future<?> made = fill(key, maker);
            if (!known.containsKey(key)) {
                made.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException | RejectedExecutionException | ExecutionException e) {
            return known.getOrDefault(key, List.of()); // a container that has ended, a directory that nobody may read
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known.getOrDefault(key, List.of());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
