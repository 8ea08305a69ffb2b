package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.io.OutputSearch;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.runtime.Container;
import dev.gantry.value.Definition;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What becomes of one definition: a container that is made, started and deleted, or, in a check, nothing at all. Not
 * thread-safe.
 */
abstract sealed class ContainerLife permits RealLife, RehearsedLife {
    private final Session session;
    private final String id;
    private final Definition definition;

    ContainerLife(Session session, String id, Definition definition) {
        this.session = session;
        this.id = id;
        this.definition = definition;
    }

    /** Returns the life that a container of a script has. */
    static ContainerLife of(Session session, String id, Definition definition, LivePod pod) {
        return session.isRehearsed()
                ? new RehearsedLife(session, id, definition)
                : new RealLife(session, id, definition, pod);
    }

    /** Returns the container; null before it was made and after it was deleted. */
    abstract Container made();

    /**
     * Returns the container.
     *
     * @param operation for which it is needed, for the message
     * @throws dev.gantry.error.StateException if it has not been made, or has been deleted
     */
    abstract Container live(String operation);

    /** Ends the script, or the statement of a check, if nothing can be done to containers here. */
    abstract void requireLive();

    /** Makes the container, whose first process then waits. */
    abstract void create();

    /** Starts the container, and makes it first if that has not been done. */
    abstract void start();

    /** Makes the container, starts it, waits for its end and deletes it; returns the exit status. */
    abstract int run();

    /** Starts the container, does something, and deletes it. */
    abstract <T> T whileStarted(String operation, Supplier<T> body);

    /** Stops all processes where they are. */
    abstract void pause();

    /** Lets paused processes go on. */
    abstract void resume();

    /** Deletes the container; it must have stopped, unless it is killed. */
    abstract void delete(boolean force);

    /** Waits for the end of the first process and returns the exit status. */
    abstract int waitFor(Duration limit);

    /** Ends the container: SIGTERM, and SIGKILL after a time. Returns the exit status. */
    abstract int stop(Duration grace);

    /** Returns the last of what the first process has written. */
    abstract String logs();

    /**
     * Searches what the first process writes, from the first it has written on. The caller closes the search.
     *
     * @param operation for which it is done, for the message
     * @throws dev.gantry.error.StateException if what it writes is not listened to
     */
    abstract OutputSearch search(String operation, Pattern pattern);

    /** Returns the port of this machine that leads to a port in the container. */
    abstract int port(int port);

    /** Lends the user's terminal to a program in the container. */
    abstract void shell(String... command);

    /** Lends the user's terminal to what the user left last. */
    abstract void attach();

    /** Calls a listener with the exit status whenever the container ends. */
    abstract void onExit(Consumer<? super Integer> listener);

    /** Calls a listener whenever memory runs out in the container. */
    abstract void onOom(Runnable listener);

    /** Calls a listener with all that happens to the container. */
    abstract void listen(Consumer<? super ContainerEvent> listener);

    /** Returns what a script asks of a program in the container. */
    abstract ExecRequest request(String method, Map<String, ?> options, String... command);

    /**
     * Makes sure that there is a program whose end can be waited for.
     *
     * @throws ContainerException if there is none
     */
    final void requireEnd() {
        if (isIdle()) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "run `%s`: without `args` it would wait for ever".formatted(id),
                    "write `process { args ... }`, or use `start()`",
                    null);
        }
    }

    final boolean isIdle() {
        return GantryAnnotations.IDLE.equals(definition.config().annotations().get(GantryAnnotations.INIT));
    }

    final Session session() {
        return session;
    }

    final String id() {
        return id;
    }

    final Definition definition() {
        return definition;
    }
}
