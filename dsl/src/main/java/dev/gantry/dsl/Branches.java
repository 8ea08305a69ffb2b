package dev.gantry.dsl;

import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** Runs branches of a script at the same time and waits for all of them. */
final class Branches {
    private Branches() {}

    /**
     * Returns what each has returned, by name.
     *
     * @param explain says in a line, or more, what went wrong in a branch
     * @throws ContainerException with the failures of all that failed; the others went on to their end
     * @throws StateException if the calling thread is interrupted; so were the branches then
     */
    static Map<String, Object> run(Map<String, ? extends Callable<?>> branches, Function<Throwable, String> explain) {
        Map<String, FutureTask<Object>> tasks = new LinkedHashMap<>();
        Map<String, Thread> threads = new LinkedHashMap<>();
        branches.forEach((name, body) -> {
            FutureTask<Object> task = new FutureTask<>(body::call);
            tasks.put(name, task);
            threads.put(name, new Thread(task, "gantry-branch-" + name));
        });
        threads.values().forEach(Thread::start);
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Throwable> failures = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, FutureTask<Object>> task : tasks.entrySet()) {
                try {
                    values.put(task.getKey(), task.getValue().get());
                } catch (ExecutionException e) {
                    failures.put(task.getKey(), e.getCause());
                }
            }
        } catch (InterruptedException e) {
            threads.values().forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new StateException("parallel: interrupted");
        }
        if (!failures.isEmpty()) {
            throw failure(failures, tasks.size(), explain);
        }
        return values;
    }

    private static RuntimeException failure(
            Map<String, Throwable> failures, int count, Function<Throwable, String> explain) {
        Throwable first = failures.values().iterator().next();
        for (Throwable each : failures.values()) {
            if (each instanceof ScriptExit exit) {
                throw exit;
            }
        }
        StringBuilder text = new StringBuilder("parallel: %d of %d branches failed".formatted(failures.size(), count));
        failures.forEach((name, thrown) -> text.append("\n  ")
                .append(name)
                .append(": ")
                .append(explain.apply(thrown).replace("\n", "\n  ")));
        ErrorKind kind = first instanceof ContainerException known ? known.kind() : ErrorKind.COMMAND_FAILED;
        ContainerException all = new ContainerException(kind, text.toString(), first);
        failures.values().stream().skip(1).forEach(all::addSuppressed);
        return all;
    }
}
