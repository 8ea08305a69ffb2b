package dev.gantry.dsl.live;

import dev.gantry.dsl.source.ControlFlow;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.error.StateException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends what a thread waits for when a time is out. */
final class TimeLimit {
    private final Thread runs = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean isOut;

    private TimeLimit() {}

    /**
     * Does something on this thread, which is interrupted when the time is out.
     *
     * @throws StateException if it was
     */
    static <T> T run(String operation, Duration limit, Callable<T> body) {
        TimeLimit time = new TimeLimit();
        Thread watch = new Thread(() -> time.watch(limit), "gantry-time-limit");
        watch.setDaemon(true);
        watch.start();
        T value = null;
        Throwable failure = null;
        try {
            value = body.call();
        } catch (Throwable e) { // a closure throws what it likes
            failure = e;
        }
        if (time.end() && !(failure instanceof ControlFlow)) {
            StateException late = new StateException(operation, "not done after " + TimeSpan.text(limit), null);
            if (failure != null) {
                late.addSuppressed(failure);
            }
            throw late;
        }
        if (failure != null) {
            throw TimeLimit.<RuntimeException>same(failure);
        }
        return value;
    }

    private void watch(Duration limit) {
        try {
            if (!ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                expire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; the block is then not limited
        }
    }

    private synchronized void expire() {
        if (ended.getCount() > 0) {
            isOut = true;
            runs.interrupt();
        }
    }

    /** Returns whether the time was out, and forgets the interrupt that said so. */
    private synchronized boolean end() {
        ended.countDown();
        if (isOut) {
            Thread.interrupted();
        }
        return isOut;
    }

    @SuppressWarnings("unchecked") // what a closure throws goes on as it is
    private static <E extends Throwable> E same(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
