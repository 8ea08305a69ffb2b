package dev.gantry.runtime;

import dev.gantry.io.Execution;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Process;
import dev.gantry.value.ExecIo;
import dev.gantry.value.ExecResult;
import dev.gantry.value.StepFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Processes of any containers, joined so that each reads what the one before it writes. */
public final class Pipeline {
    private Pipeline() {}

    /** One process of it. */
    public record Stage(Container container, Process process, ExecIo options) {}

    /**
     * Runs all to their ends. Blocks; the bytes between them go through the kernel only.
     *
     * @return a result for each stage; only the last has standard output
     * @throws StepFailure if one cannot be executed; those before it have been killed then
     */
    public static List<ExecResult> run(List<Stage> stages) {
        List<Execution> running = new ArrayList<>();
        try {
            begin(stages, running);
        } catch (RuntimeException e) {
            running.forEach(execution -> execution.signal(Signal.KILL.number()));
            running.forEach(Execution::await);
            throw e;
        }
        List<Thread> threads = new ArrayList<>();
        List<CompletableFuture<ExecResult>> results = new ArrayList<>();
        for (Execution execution : running.subList(0, running.size() - 1)) {
            CompletableFuture<ExecResult> result = new CompletableFuture<>();
            Thread thread = new Thread(() -> complete(execution, result), "gantry-pipe");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
            results.add(result);
        }
        CompletableFuture<ExecResult> last = new CompletableFuture<>();
        complete(running.get(running.size() - 1), last);
        results.add(last);
        if (last.isCompletedExceptionally()) {
            threads.forEach(Thread::interrupt);
        }
        List<ExecResult> all = new ArrayList<>();
        try {
            last.join();
            results.forEach(result -> all.add(result.join()));
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return all;
    }

    private static void begin(List<Stage> stages, List<Execution> running) {
        FdPair before = null;
        try {
            for (int i = 0; i < stages.size(); i++) {
                Stage stage = stages.get(i);
                Kernel kernel = stage.container().kernel();
                FdPair after = i < stages.size() - 1 ? kernel.pipe() : null;
                try {
                    Execution.Ends ends = new Execution.Ends(
                            before == null ? null : before.first(), after == null ? null : after.second());
                    running.add(stage.container().begin(stage.process(), stage.options(), ends));
                } catch (RuntimeException e) {
                    if (after != null) {
                        after.close();
                    }
                    throw e;
                }
                if (before != null) {
                    before.close();
                }
                before = after;
                if (after != null) {
                    after.second().close(); // or the reader would never see the end
                }
            }
        } finally {
            if (before != null) {
                before.close();
            }
        }
    }

    private static void complete(Execution execution, CompletableFuture<ExecResult> result) {
        try {
            result.complete(execution.await());
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }
}
