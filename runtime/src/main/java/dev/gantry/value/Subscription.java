package dev.gantry.value;

/** Calls that were asked for and can be given up. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** Ends the calls; one that has begun goes on to its end. */
    @Override
    void close();
}
