package dev.gantry.dsl;

import dev.gantry.error.StateException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what can only be asked for again and again. */
final class Waiting {
    static final Duration USUALLY = Duration.ofSeconds(30);

    /** As long as anybody will wait. */
    static final Duration FOR_EVER = Duration.ofDays(36_500);

    private static final long PAUSE_MILLIS = 50;

    private Waiting() {}

    /**
     * Asks until the answer is yes.
     *
     * @throws StateException when the time is out, or the thread is interrupted
     */
    static void until(String operation, Duration limit, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new StateException("%s: not so after %s".formatted(operation, TimeSpan.text(limit)));
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StateException(operation + ": interrupted");
            }
        }
    }
}
