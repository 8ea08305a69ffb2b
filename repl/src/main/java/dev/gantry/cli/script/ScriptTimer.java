package dev.gantry.cli.script;

import dev.gantry.dsl.ScriptRunner;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Ends a script when its time is out: first politely, then with the whole process. */
final class ScriptTimer implements AutoCloseable {
    /** The exit status of a script whose time was out, as timeout(1) has it. */
    static final int STATUS = 124;

    private static final long GRACE_MILLIS = 5_000;

    /** A script that has not taken notice of its interruption by then computes, and waits for nothing. */
    private static final long NOTICE_MILLIS = 500;

    private final Optional<Duration> limit;
    private final ScriptRunner runner;
    private final Consumer<String> last;
    private final AtomicBoolean ended = new AtomicBoolean(); // by the script or by the timer, whichever is first
    private volatile boolean over;
    private Thread timer;

    /**
     * Creates a timer, which {@link #watch} starts.
     *
     * @param last receives the reason, before the process is ended while the script still runs
     */
    ScriptTimer(Optional<Duration> limit, ScriptRunner runner, Consumer<String> last) {
        this.limit = limit;
        this.runner = runner;
        this.last = last;
    }

    /** Runs the script on the calling thread, which is interrupted when the time is out. */
    int watch(IntSupplier script) {
        Thread watched = Thread.currentThread();
        if (limit.isPresent()) {
            timer = new Thread(() -> time(watched), "gantry-timer");
            timer.setDaemon(true);
            timer.start();
        }
        try {
            return script.getAsInt();
        } finally {
            if (!ended.compareAndSet(false, true)) {
                awaitExit();
            }
        }
    }

    /** The timer is ending the process, and says why. */
    private void awaitExit() {
        while (timer.isAlive()) {
            try {
                timer.join();
            } catch (InterruptedException e) {
                continue; // it is the timer's
            }
        }
    }

    private void time(Thread watched) {
        try {
            Thread.sleep(limit.orElseThrow().toMillis());
            over = true;
            watched.interrupt();
            Thread.sleep(NOTICE_MILLIS);
            if (!watched.isInterrupted()) {
                Thread.sleep(GRACE_MILLIS);
            }
        } catch (InterruptedException e) {
            return; // the script has ended
        }
        if (!ended.compareAndSet(false, true)) {
            return; // it has ended meanwhile
        }
        runner.close();
        last.accept(line());
        System.exit(STATUS); // it does not listen to interrupts
    }

    boolean isOver() {
        return over;
    }

    String line() {
        return "script: ended after its time of %s was out"
                .formatted(limit.orElseThrow().toString().substring(2).toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.interrupt();
        }
        Thread.interrupted(); // what the timer left; the containers are still to be deleted
    }
}
