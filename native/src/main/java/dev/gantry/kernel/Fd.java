package dev.gantry.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * An open file descriptor of this process that knows what it is and closes once.
 *
 * <p>The code that receives one owns it and closes it, unless a method's contract says otherwise. Thread-safe in that
 * closing twice is harmless; using one while another thread closes it is the caller's mistake.
 */
public final class Fd implements AutoCloseable {
    private final int number;
    private final String what;
    private final IntConsumer closer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Wraps a descriptor.
     *
     * @param what names it for messages, {@code pidfd of 4123}
     * @param closer called once with the number; does nothing for descriptors that belong to somebody else
     */
    public Fd(int number, String what, IntConsumer closer) {
        this.number = number;
        this.what = what;
        this.closer = closer;
    }

    /** Returns a descriptor of the process that stays open whatever is done with the result: 0, 1 or 2, for example. */
    public static Fd borrowed(int number) {
        return new Fd(number, "descriptor " + number, n -> {});
    }

    /**
     * Returns the number.
     *
     * @throws IllegalStateException once it is closed, since the number may by then mean another file
     */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("%s is closed".formatted(this));
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closer.accept(number);
        }
    }

    @Override
    public String toString() {
        return "Fd %d (%s)".formatted(number, what);
    }
}
