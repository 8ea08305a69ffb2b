package dev.gantry.dsl.live;

import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.error.StateException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what can only be asked for again and again, for a limited time in all. */
final class Waiting {
    static final Duration USUALLY = Duration.ofSeconds(30);

    /** As long as anybody will wait. */
    static final Duration FOR_EVER = Duration.ofDays(36_500);

    private static final long PAUSE_MILLIS = 50;

    private final Duration limit;
    private final long begin = System.nanoTime();

    /** Begins to wait. */
    Waiting(Duration limit) {
        this.limit = limit;
    }

    /**
     * Asks until the answer is yes.
     *
     * @throws StateException when the time is out, or the thread is interrupted
     */
    static void until(String operation, Duration limit, BooleanSupplier condition) {
        new Waiting(limit).until(operation, () -> condition.getAsBoolean() ? Optional.empty() : Optional.of(""));
    }

    /**
     * Asks until nothing is lacking.
     *
     * @param lacking says what is, in lines of their own; perhaps none
     * @throws StateException when the time is out, or the thread is interrupted
     */
    void until(String operation, Supplier<Optional<String>> lacking) {
        String reason = "";
        for (Optional<String> what = lacking.get(); what.isPresent(); what = lacking.get()) {
            reason = what.get().isEmpty() ? reason : what.get();
            if (left().isZero()) {
                throw new StateException("%s: not so after %s%s".formatted(operation, TimeSpan.text(limit), reason));
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StateException(operation + ": interrupted");
            }
        }
    }

    /** Returns the time that is left; zero when it is out. */
    Duration left() {
        Duration left = limit.minusNanos(System.nanoTime() - begin);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
