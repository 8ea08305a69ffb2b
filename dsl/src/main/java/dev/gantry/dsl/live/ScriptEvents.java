package dev.gantry.dsl.live;

import dev.gantry.value.ExecResult;
import java.time.Duration;

/** Receives what a script does, when it does it, on the thread that does it. */
public interface ScriptEvents {
    /** Does nothing. */
    ScriptEvents NONE = new ScriptEvents() {};

    /** A result's success was asked for; {@code failure} is null if it was one. */
    default void checked(ExecResult result, RuntimeException failure) {}

    /** A step has ended; {@code failure} is null if it ended well. */
    default void step(String name, Duration duration, Throwable failure) {}

    /** What has failed is tried again: neither it, nor its causes and what they suppress, is the script's failure. */
    default void forgiven(Throwable failure) {}

    /** A container has been made. */
    default void made(String id) {}

    /**
     * A container is about to be deleted, or, if the script keeps it, left alone.
     *
     * @param status of its life, as the specification calls it
     * @param exit status of its first process; -1 while it runs
     * @param shortage which limit it has reached, in words that follow its name; empty if none is known
     */
    default void ended(String id, String status, int exit, String shortage, Duration lifetime) {}
}
