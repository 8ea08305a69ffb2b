package dev.gantry.dsl;

import dev.gantry.error.StateException;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.Execution;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that a script has started in a container and not waited for. It ends with the container. Thread-safe. */
public final class LiveProcess {
    private final Execution execution;
    private final CompletableFuture<CommandResult> result = new CompletableFuture<>();

    private LiveProcess(Execution execution) {
        this.execution = execution;
    }

    static LiveProcess of(Execution execution, ScriptEvents events) {
        LiveProcess process = new LiveProcess(execution);
        Thread thread = new Thread(() -> process.listen(events), "gantry-spawned");
        thread.setDaemon(true);
        thread.start();
        return process;
    }

    private void listen(ScriptEvents events) {
        try {
            result.complete(new CommandResult(execution.await(), events));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** Returns the pid as this machine sees it. */
    public int getPid() {
        return execution.pid();
    }

    /** Answers whether it has not ended. */
    public boolean isRunning() {
        return !result.isDone();
    }

    /** Asks it to end, by SIGTERM. */
    public void kill() {
        kill("TERM");
    }

    /** Sends a signal: {@code kill('HUP')}. */
    public void kill(String signal) {
        execution.signal(Signal.parse(signal));
    }

    /** Waits for its end. Blocks. */
    public CommandResult waitFor() {
        return waitFor(Duration.ofDays(1_000_000));
    }

    /**
     * Does the same, but not for ever.
     *
     * @throws StateException if it has not ended by then; it goes on
     */
    public CommandResult waitFor(Duration limit) {
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new StateException("wait for process %d: it has not ended in time".formatted(getPid()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException("wait for process %d: interrupted".formatted(getPid()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }
}
