package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Called;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.kernel.Signal;
import dev.gantry.value.AddedProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that a script has started in a container and not waited for. It ends with the container. Thread-safe. */
@Called(value = "a spawned process", type = "Process")
public final class LiveProcess {
    private final AddedProcess execution;
    private final CompletableFuture<CommandResult> result = new CompletableFuture<>();

    private LiveProcess(AddedProcess execution) {
        this.execution = execution;
    }

    /** Begins to listen to a process; the request is closed with its end. */
    static LiveProcess of(AddedProcess execution, ExecRequest request, ScriptEvents events) {
        LiveProcess process = new LiveProcess(execution);
        Thread thread = new Thread(() -> process.listen(request, events), "gantry-spawned");
        thread.setDaemon(true);
        thread.start();
        return process;
    }

    private void listen(ExecRequest request, ScriptEvents events) {
        try (request) {
            result.complete(new CommandResult(execution.await(), events));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /** Returns the pid as this machine sees it. */
    public int getPid() {
        return execution.pid();
    }

    /** Returns whether it has not ended. */
    public boolean isRunning() {
        return !result.isDone();
    }

    /** Asks it to end, by SIGTERM. */
    public void kill() {
        kill("TERM");
    }

    /** Sends a signal: {@code kill('HUP')}. */
    public void kill(String signal) {
        try {
            execution.signal(Signal.parse(signal));
        } catch (IllegalArgumentException e) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "kill process %d: no signal is called `%s`".formatted(getPid(), signal), e);
        }
    }

    /** Waits for its end. Blocks. */
    public CommandResult waitFor() {
        return waitFor(Waiting.FOR_EVER);
    }

    /** Does the same, but not for ever; the time is a text such as {@code '2s'}. */
    public CommandResult waitFor(String limit) {
        return waitFor(TimeSpan.parse(limit));
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
            throw new StateException(
                    "wait for process %d: it has not ended after %s".formatted(getPid(), TimeSpan.text(limit)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException("wait for process %d: interrupted".formatted(getPid()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }
}
