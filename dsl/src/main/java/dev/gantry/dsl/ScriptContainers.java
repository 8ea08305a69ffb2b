package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.runtime.Container;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The containers that a script has made and that are deleted with it, the last one first.
 *
 * <p>Thread-safe: a shutdown hook closes it while the script may be making the next one, and then waits for that.
 */
final class ScriptContainers implements AutoCloseable {
    private final Deque<Container> made = new ArrayDeque<>();
    private boolean kept;
    private boolean closed;

    /**
     * Makes a container; blocks until it is made.
     *
     * @throws StateException after {@link #close}
     */
    synchronized Container make(Supplier<Container> maker) {
        requireOpen();
        Container container = maker.get();
        made.push(container);
        return container;
    }

    /**
     * Does nothing before {@link #close}; waits for its end otherwise.
     *
     * @throws StateException after it
     */
    synchronized void requireOpen() {
        if (closed) {
            throw new StateException("the script is being ended");
        }
    }

    /** Deletes a container before the script's end. */
    synchronized void delete(Container container, boolean force) {
        container.delete(force);
        made.remove(container);
    }

    /** Lets all containers live on, also those made later. */
    synchronized void keep() {
        kept = true;
    }

    /** Deletes what is left, unless it is kept; one that cannot be deleted does not save the others. */
    @Override
    public synchronized void close() {
        closed = true;
        RuntimeException failure = null;
        while (!kept && !made.isEmpty()) {
            try {
                deleteIfThere(made.pop());
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void deleteIfThere(Container container) {
        try {
            container.delete(true);
        } catch (ContainerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) { // another process may have been quicker
                throw e;
            }
        }
    }
}
