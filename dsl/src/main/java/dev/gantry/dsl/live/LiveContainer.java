package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Bodies;
import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Called;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Signal;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerOutput;
import dev.gantry.runtime.ContainerStatus;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.Stdio;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import groovy.transform.stc.ClosureParams;
import groovy.transform.stc.SimpleType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A container in the hands of a script: first a definition, then a container that can be driven, and after
 * {@code delete()} a definition again.
 *
 * <p>Methods named {@code get...} are what scripts read as properties: {@code box.pid}. Not thread-safe.
 */
@Block(value = "container", afterDot = true)
@Called("a container")
public final class LiveContainer extends ContainerCommands {
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final LivePod pod;
    private Container container;
    private boolean deleted;
    private ContainerOutput output;
    private final LiveTerminals terminals;
    private final LiveEvents listeners;
    private boolean isRehearsed; // as if it had been made

    LiveContainer(Session session, String id, Definition definition, LivePod pod) {
        super(session, id, definition);
        this.pod = pod;
        this.terminals = new LiveTerminals(session, id);
        this.listeners = new LiveEvents(session, id);
    }

    @Override
    boolean isDeleted() {
        return deleted;
    }

    @Override
    Container made() {
        if (isRehearsed) {
            session().requireLive();
        }
        return container;
    }

    /** Makes the container; its first process waits for {@link #start}. Its output is the script's. */
    @Keyword(value = "Makes the container, which then waits for start().", example = "box.create()")
    public LiveContainer create() {
        if (isRehearsal("create")) {
            return this;
        }
        make("create", false);
        return this;
    }

    /** Starts the container, and makes it first if that has not been done. Its output is the script's. */
    @Keyword(value = "Makes the container if need be, and starts it.", example = "box.start()")
    public LiveContainer start() {
        if (isRehearsal("start")) {
            return this;
        }
        if (container == null) {
            make("start", true);
        } else {
            container.start();
            listeners.tell("start");
        }
        return this;
    }

    /**
     * Makes the container, starts it, waits for its end and deletes it. Its output is the script's as it comes; use
     * {@link #exec} to have it as text.
     *
     * @return the exit status, or 128 plus the signal
     */
    @Keyword(value = "Runs the container to its end and returns the exit status.", example = "int status = box.run()")
    public int run() {
        if (!session().isRehearsed()) {
            session().requireLive();
        }
        if (isIdle()) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "run `%s`: without `args` it would wait for ever".formatted(getId()),
                    "write `process { args ... }`, or use `start()`",
                    null);
        }
        if (isRehearsal("run")) {
            session().requireLive();
        }
        make("run", true);
        return thenDeleted(this::waitFor);
    }

    @Keyword(value = "Stops all processes where they are.", example = "box.pause()")
    public void pause() {
        live("pause").pause();
        listeners.tell("pause");
    }

    @Keyword(value = "Lets paused processes go on.", example = "box.resume()")
    public void resume() {
        live("resume").resume();
        listeners.tell("resume");
    }

    /** Returns the last mebibyte of what the first process has written. */
    public String getLogs() {
        live("logs of");
        return output == null ? "" : output.text();
    }

    /** Calls the script whenever the first process has ended, on a thread of its own, with the exit status. */
    @Keyword(value = "Calls the script when the container ends.", example = "box.onExit { status -> println status }")
    public void onExit(@ClosureParams(value = SimpleType.class, options = "java.lang.Integer") Closure<?> body) {
        Rehearsal.visitLater(body);
        onExit((Consumer<Integer>) body::call);
    }

    /** Does the same for callers in Java. */
    public void onExit(Consumer<? super Integer> body) {
        session().requireLive();
        listeners.onExit(container, body);
    }

    /** Calls the script whenever memory runs out in the container, on a thread of its own. */
    @Keyword(value = "Calls the script when memory runs out.", example = "box.onOom { println 'too little memory' }")
    public void onOom(Closure<?> body) {
        Rehearsal.visitLater(body);
        onOom((Runnable) body::call);
    }

    /** Does the same for callers in Java. */
    public void onOom(Runnable body) {
        session().requireLive();
        listeners.onOom(container, body);
    }

    /** Calls the script with all that happens to the container, whenever it lives, on a thread of its own. */
    @Keyword(value = "Calls the script with all that happens.", example = "box.events { println it.kind }")
    public void events(
            @ClosureParams(value = SimpleType.class, options = "dev.gantry.dsl.live.ContainerEvent") Closure<?> body) {
        Rehearsal.visitLater(body);
        events((Consumer<ContainerEvent>) body::call);
    }

    /** Does the same for callers in Java. */
    public void events(Consumer<? super ContainerEvent> body) {
        session().requireLive();
        listeners.listen(container, body);
    }

    /** Starts the container, runs the block, in which its words need no name before them, and deletes it. */
    @Keyword(value = "Runs a block with the words of the started container.", example = "box.inside { sh 'make test' }")
    public <T> T inside(@DelegatesTo(value = LiveContainer.class, strategy = Closure.DELEGATE_FIRST) Closure<T> body) {
        @SuppressWarnings("unchecked") // a clone returns what the closure returns
        Closure<T> copy = (Closure<T>) body.clone();
        copy.setDelegate(this);
        copy.setResolveStrategy(Closure.DELEGATE_FIRST);
        return whileStarted("inside", () -> copy.call(this));
    }

    /** Does the same for callers in Java. */
    public void inside(Consumer<? super LiveContainer> body) {
        whileStarted("inside", () -> {
            body.accept(this);
            return null;
        });
    }

    /** Starts the container, runs the block with it, and deletes it. */
    @Keyword(value = "Runs a block while the container runs.", example = "box.withRun { c -> c.exec('true').check() }")
    public <T> T withRun(
            @ClosureParams(value = SimpleType.class, options = "dev.gantry.dsl.live.LiveContainer") Closure<T> body) {
        return whileStarted("withRun", () -> body.call(this));
    }

    /** Does the same for callers in Java. */
    public void withRun(Consumer<? super LiveContainer> body) {
        inside(body);
    }

    private <T> T whileStarted(String operation, Supplier<T> body) {
        if (container != null && container.status() != ContainerStatus.CREATED) {
            throw new StateException(
                    "%s `%s`: it has been started already".formatted(operation, getId()),
                    "`box.with { ... }` runs a block with a container as it is");
        }
        start();
        return thenDeleted(body);
    }

    /** Deletes the container after something, whatever that comes to. */
    private <T> T thenDeleted(Supplier<T> body) {
        Throwable failure = null;
        try {
            return body.get();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            deleteAfter(failure);
        }
    }

    private void deleteAfter(Throwable failure) {
        try {
            if (container != null) {
                delete(Map.of("force", true));
            }
        } catch (ContainerException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    /**
     * Gives the user of a prompt a shell in the container, or another program, at his own terminal. Ctrl-P Ctrl-Q leaves
     * it running, and {@link #attach} returns to it.
     *
     * @throws StateException if there is no terminal, as in a script
     */
    @Keyword(value = "Gives you a shell in the container; Ctrl-P Ctrl-Q leaves it.", example = "box.shell()")
    public void shell(String... command) {
        terminals.shell(live("shell in"), command);
    }

    /** Gives the user of a prompt the terminal in the container that he left last, or that of the first process. */
    @Keyword(value = "Returns you to a terminal in the container.", example = "box.attach()")
    public void attach() {
        live("attach to");
        terminals.attach();
    }

    /** Sends a signal to the first process: {@code kill('HUP')}. */
    @Keyword(value = "Sends a signal to the first process.", example = "box.kill('TERM')")
    public void kill(String signal) {
        int parsed;
        try {
            parsed = Signal.parse(signal);
        } catch (IllegalArgumentException e) {
            throw session().mistake(signal, "container: `kill`: no signal is called `%s`".formatted(signal));
        }
        live("kill").kill(parsed);
    }

    /** Sends a signal by its number. */
    public void kill(int signal) {
        live("kill").kill(signal);
    }

    /** Asks the first process to end, by SIGTERM. */
    public void kill() {
        kill("TERM");
    }

    /** Waits for the first process to end and returns its exit status, or 128 plus the signal. */
    @Keyword(value = "Waits for the end and returns the exit status.", example = "int status = box.waitFor()")
    public int waitFor() {
        return waitFor(Waiting.FOR_EVER);
    }

    /**
     * Does the same, but not for ever.
     *
     * @throws StateException if it has not ended by then
     */
    public int waitFor(Duration limit) {
        Container live = live("wait for");
        listeners.expectEnd(true);
        try {
            return shell(live.exit().get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            listeners.expectEnd(false);
            throw new StateException(
                    "wait for `%s`: it has not ended after %s".formatted(getId(), TimeSpan.text(limit)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listeners.expectEnd(false);
            throw new StateException("wait for `%s`: interrupted".formatted(getId()));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Does the same with a text such as {@code '2s'}. */
    public int waitFor(String limit) {
        return waitFor(time("waitFor", limit));
    }

    private Duration time(String word, String text) {
        try {
            return TimeSpan.parse(text);
        } catch (IllegalArgumentException e) {
            throw session().mistake(text, "container: `%s`: %s".formatted(word, e.getMessage()));
        }
    }

    /**
     * Waits up to 30 s until all that the block asks for is true.
     *
     * @throws StateException if it is not, or the container has ended
     */
    public void waitFor(@DelegatesTo(value = HealthDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> health) {
        waitFor(Waiting.USUALLY, health);
    }

    /** Does the same with another limit. */
    public void waitFor(
            Duration limit, @DelegatesTo(value = HealthDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> health) {
        waitFor(limit, (Consumer<HealthDsl>) block -> Bodies.delegate(block, health));
    }

    /** Does the same with a limit such as {@code '2s'}. */
    public void waitFor(
            String limit, @DelegatesTo(value = HealthDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> health) {
        waitFor(time("waitFor", limit), health);
    }

    /** Does the same for callers in Java. */
    public void waitFor(Duration limit, Consumer<? super HealthDsl> health) {
        HealthDsl block = new HealthDsl(this);
        health.accept(block);
        live("wait for");
        block.await(limit);
    }

    /** Ends the container: SIGTERM, and SIGKILL if that has not helped within 10 s. Returns the exit status. */
    @Keyword(value = "Ends the container: SIGTERM, then SIGKILL after 10 s.", example = "int status = box.stop()")
    public int stop() {
        return stop(STOP_GRACE);
    }

    /** Does the same with another time before SIGKILL. */
    public int stop(Duration grace) {
        Container live = live("stop");
        if (!live.killIfRunning(Signal.TERM.number())) {
            return waitFor();
        }
        try {
            return waitFor(grace);
        } catch (StateException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            live.killIfRunning(Signal.KILL.number());
            return waitFor();
        }
    }

    /** Does the same with a text such as {@code '2s'}. */
    public int stop(String grace) {
        return stop(time("stop", grace));
    }

    private int shell(Optional<ExitStatus> status) {
        session().containers().requireOpen();
        if (output != null) {
            output.drain(); // what it wrote comes before what the script does next
        }
        return status.orElseThrow().shell(); // empty only for processes that another JVM launched
    }

    /** Deletes the container, which must have stopped. */
    @Keyword(value = "Deletes the container.", example = "box.delete(force: true)")
    public void delete() {
        delete(Map.of());
    }

    /** Deletes the container; with {@code force: true} it is killed first if it runs. */
    public void delete(@NamedParam("force") Map<String, ?> options) {
        boolean force = ExecRequest.options("delete", options, session()).flag("force", false);
        Container live = live("delete");
        listeners.expectEnd(true);
        session().containers().delete(live, force);
        listeners.tell("delete");
        container = null;
        output = null;
        deleted = true;
    }

    private void make(String operation, boolean start) {
        session().requireLive();
        if (container != null) {
            throw new StateException("%s `%s`: it has been made already".formatted(operation, getId()));
        }
        Definition wanted = terminals.sized(operation, pod == null ? definition() : pod.resolved(definition()));
        session().out().flush(); // what the script printed comes before what the container prints
        output = isIdle() || wanted.config().process().isTerminal()
                ? null
                : session().openOutput();
        try (Stdio stdio = output == null ? Stdio.inherited() : output.stdio()) {
            deleted = false;
            container = session().make(getId(), wanted, start, stdio, output);
            terminals.made(container);
            listeners.made(container);
            if (start) {
                listeners.tell("start");
            }
        } finally {
            if (container == null && output != null) {
                output.drain();
                output.close();
                output = null;
            }
        }
    }

    /** Answers whether the container is not to be made really, although it could be. */
    private boolean isRehearsal(String operation) {
        if (session().isRehearsed()) {
            terminals.sized(operation, definition()); // tells if it cannot be
            isRehearsed = true;
        }
        return isRehearsed;
    }

    private boolean isIdle() {
        return GantryAnnotations.IDLE.equals(definition().config().annotations().get(GantryAnnotations.INIT));
    }

    @Override
    public String toString() {
        return "container `%s` (%s)".formatted(getId(), getStatus());
    }
}
