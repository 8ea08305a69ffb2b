package dev.gantry.dsl;

import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs branches of a script at the same time and waits for all of them. */
final class Branches {
    private static final Duration END = Duration.ofSeconds(10);

    private final Map<String, FutureTask<Object>> tasks = new LinkedHashMap<>();
    private final Map<String, Thread> threads = new LinkedHashMap<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final Map<String, Throwable> failures = new LinkedHashMap<>();
    private final Set<String> stopped = new HashSet<>();
    private final Function<Throwable, String> explain;
    private final Consumer<String> warn;

    /**
     * Takes branches by name; none runs yet.
     *
     * @param explain says in a line, or more, what went wrong in a branch
     * @param warn receives the failures of branches beside one that ends the script
     */
    Branches(Map<String, ? extends Callable<?>> branches, Function<Throwable, String> explain, Consumer<String> warn) {
        this.explain = explain;
        this.warn = warn;
        branches.forEach((name, body) -> {
            FutureTask<Object> task = new FutureTask<>(body::call) {
                @Override
                protected void done() {
                    ended.add(name);
                }
            };
            tasks.put(name, task);
            threads.put(name, new Thread(task, "gantry-branch-" + name));
        });
    }

    /**
     * Returns what each has returned, by name.
     *
     * @param failFast whether the first failure interrupts the other branches; they go on to their end if not
     * @throws ContainerException with the failures of all that failed
     * @throws ScriptExit if a branch ended the script; with status 0 only if no other failed
     * @throws StateException if the calling thread is interrupted; so were the branches then
     */
    Map<String, Object> run(boolean failFast) {
        threads.values().forEach(Thread::start);
        Map<String, Object> values = new LinkedHashMap<>();
        tasks.keySet().forEach(name -> values.put(name, null));
        Set<String> running = new HashSet<>(tasks.keySet());
        try {
            while (!running.isEmpty()) {
                String name = ended.take();
                running.remove(name);
                try {
                    values.put(name, tasks.get(name).get());
                } catch (ExecutionException e) {
                    if (!stopped.contains(name)) {
                        failures.put(name, e.getCause());
                    }
                    if (failFast && stopped.isEmpty()) {
                        running.stream()
                                .filter(other -> !tasks.get(other).isDone())
                                .forEach(stopped::add);
                        stopped.forEach(other -> threads.get(other).interrupt());
                    }
                }
            }
        } catch (InterruptedException e) {
            end();
            throw new StateException("parallel: interrupted");
        }
        if (!failures.isEmpty()) {
            throw failure();
        }
        return values;
    }

    /** Interrupts the branches, which clean up for some time at the most, so that what comes next has no company. */
    private void end() {
        threads.values().forEach(Thread::interrupt);
        long deadline = System.nanoTime() + END.toNanos();
        for (Thread thread : threads.values()) {
            try {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            } catch (InterruptedException e) {
                break; // asked for twice
            }
        }
        Thread.currentThread().interrupt();
    }

    private RuntimeException failure() {
        Optional<ScriptExit> exit = failures.values().stream()
                .filter(ScriptExit.class::isInstance)
                .map(ScriptExit.class::cast)
                .reduce((one, other) -> one.status() != 0 ? one : other);
        failures.values().removeIf(ScriptExit.class::isInstance);
        if (exit.isPresent() && (exit.get().status() != 0 || failures.isEmpty())) {
            if (!failures.isEmpty()) {
                warn.accept(text());
            }
            throw exit.get();
        }
        Throwable first = failures.values().iterator().next();
        ErrorKind kind = first instanceof ContainerException known ? known.kind() : ErrorKind.COMMAND_FAILED;
        ContainerException all = new ContainerException(kind, text(), first);
        failures.values().stream().skip(1).forEach(all::addSuppressed);
        return all;
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("parallel: %d of %d branches failed".formatted(failures.size(), tasks.size()));
        if (!stopped.isEmpty()) {
            text.append("; %d ended because of that".formatted(stopped.size()));
        }
        tasks.keySet().stream()
                .filter(failures::containsKey)
                .forEach(name -> text.append("\n  ")
                        .append(name)
                        .append(": ")
                        .append(explain.apply(failures.get(name)).replace("\n", "\n  ")));
        return text.toString();
    }
}
