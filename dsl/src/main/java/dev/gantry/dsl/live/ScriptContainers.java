package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.io.ContainerOutput;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.runtime.Container;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The containers that a script has made and that are deleted with it, the last one first.
 *
 * <p>Thread-safe: a shutdown hook closes it while the script may be making the next one, and then waits for that.
 */
public final class ScriptContainers implements AutoCloseable {
    private final Deque<Container> made = new ArrayDeque<>();
    private final Map<Container, ContainerOutput> outputs = new HashMap<>();
    private final Map<Container, ContainerPorts> ports = new HashMap<>();
    private final Map<Container, Long> began = new HashMap<>();
    private final ScriptEvents events;
    private boolean kept;
    private boolean closed;

    /** Creates an empty list whose containers are not reported to anybody. */
    public ScriptContainers() {
        this(ScriptEvents.NONE);
    }

    /**
     * Creates an empty list.
     *
     * @param events receives each container before it is deleted
     */
    public ScriptContainers(ScriptEvents events) {
        this.events = events;
    }

    /**
     * Makes a container; blocks until it is made.
     *
     * @param output closed with the container; null if its output is no concern of this process
     * @throws StateException after {@link #close}
     */
    public synchronized Container make(Supplier<Container> maker, ContainerOutput output) {
        requireOpen();
        Container container = maker.get();
        made.push(container);
        began.put(container, System.nanoTime());
        if (kept) {
            container.release();
        }
        if (output != null) {
            outputs.put(container, output);
        }
        return container;
    }

    /** Returns the ports that lead to those of a container; closed with it. */
    synchronized ContainerPorts ports(Container container) {
        return ports.computeIfAbsent(container, ContainerPorts::new);
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
        Runnable tidings = tidings(container);
        if (force) {
            container.deleteForcibly();
        } else {
            container.delete();
        }
        tidings.run();
        made.remove(container);
        closePorts(container);
        closeOutput(container);
    }

    /** Returns what tells of the end of a container as it is now, for when it is no more. */
    private Runnable tidings(Container container) {
        try {
            String status = container.status().ociName();
            Optional<ExitStatus> end = container.exitStatus();
            String shortage = end.flatMap(container::shortage).orElse("");
            return () -> events.ended(
                    container.id(),
                    status,
                    end.map(ExitStatus::shell).orElse(-1),
                    shortage,
                    Duration.ofNanos(System.nanoTime() - began.remove(container)));
        } catch (ContainerException e) {
            return () -> {}; // gone already: the deletion finds out
        }
    }

    private void closePorts(Container container) {
        ContainerPorts open = ports.remove(container);
        if (open != null) {
            open.close();
        }
    }

    private void closeOutput(Container container) {
        ContainerOutput output = outputs.remove(container);
        if (output != null) {
            output.drain();
            output.close();
        }
    }

    /**
     * Lets all containers live on, also those made later.
     *
     * @throws StateException if one writes to a pipe of this process already
     */
    synchronized void keep() {
        if (!outputs.isEmpty()) {
            throw new StateException(
                    "keep: a container has been started whose output nobody would read after the end",
                    "say `keep()` first");
        }
        kept = true;
        made.forEach(Container::release);
    }

    /** Returns whether the containers live on when the script has ended. */
    public synchronized boolean isKept() {
        return kept;
    }

    /** Deletes what is left, unless it is kept; one that cannot be deleted does not save the others. */
    @Override
    public synchronized void close() {
        closed = true;
        if (kept) {
            made.descendingIterator()
                    .forEachRemaining(container -> tidings(container).run());
            made.clear();
        }
        RuntimeException failure = null;
        while (!made.isEmpty()) {
            try {
                Container last = made.pop();
                Runnable tidings = tidings(last);
                deleteIfThere(last);
                tidings.run();
                closePorts(last);
                closeOutput(last);
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
            container.deleteForcibly();
        } catch (ContainerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) { // another process may have been quicker
                throw e;
            }
        }
    }
}
