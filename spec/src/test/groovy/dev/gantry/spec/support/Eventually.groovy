package dev.gantry.spec.support

import java.util.concurrent.TimeUnit

/** Waits for a fact instead of for some time. */
class Eventually {
    private static final int PAUSE_MILLIS = 10

    /** Waits until a condition is true, and answers whether it became true in time. */
    static boolean within(int seconds, Closure<?> condition) {
        def deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)
        while (!condition()) {
            if (System.nanoTime() > deadline) {
                return false
            }
            sleep(PAUSE_MILLIS)
        }
        true
    }

    /** Waits until a condition is true, and fails with what else is known where it does not become true. */
    static boolean eventually(int seconds = 20, Object known = '', Closure<?> condition) {
        assert within(seconds, condition): "not true after $seconds s: ${known instanceof Closure ? known() : known}"
        true
    }
}
