package dev.gantry.dsl;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs what a script wants done when something happens, one after the other on a thread of their own. Thread-safe. */
final class EventHandlers {
    private static final int END_SECONDS = 5;

    private ExecutorService executor; // made when something happens, which in most scripts nothing does
    private boolean ended;

    /** Runs an action after those before it; does nothing after {@link #end}. */
    synchronized void later(Runnable action) {
        if (ended) {
            return;
        }
        if (executor == null) {
            executor = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "gantry-handlers");
                thread.setDaemon(true);
                return thread;
            });
        }
        executor.execute(action);
    }

    /** Takes no more actions and waits for those it has, but not for ever; returns whether they have ended. */
    boolean end() {
        ExecutorService ending;
        synchronized (this) {
            ended = true;
            ending = executor;
        }
        if (ending == null) {
            return true;
        }
        ending.shutdown();
        try {
            return ending.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true; // who interrupts does not want to know
        }
    }
}
