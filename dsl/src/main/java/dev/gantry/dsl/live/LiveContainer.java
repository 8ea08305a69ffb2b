package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Bodies;
import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Called;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.error.StateException;
import dev.gantry.kernel.Signal;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import groovy.transform.stc.ClosureParams;
import groovy.transform.stc.SimpleType;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A container in the hands of a script: first a definition, then a container that can be driven, and after
 * {@code delete()} a definition again.
 *
 * <p>Methods named {@code get...} are what scripts read as properties: {@code box.pid}. Not thread-safe.
 */
@Block(value = "container", afterDot = true)
@Called(value = "a container", type = "Container")
public final class LiveContainer extends ContainerCommands {
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    LiveContainer(ContainerLife life) {
        super(life);
    }

    /** Makes the container; its first process waits for {@link #start}. Its output is the script's. */
    @Keyword(value = "Makes the container, which then waits for start().", example = "box.create()")
    public LiveContainer create() {
        life().create();
        return this;
    }

    /** Starts the container, and makes it first if that has not been done. Its output is the script's. */
    @Keyword(value = "Makes the container if need be, and starts it.", example = "box.start()")
    public LiveContainer start() {
        life().start();
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
        return life().run();
    }

    @Keyword(value = "Stops all processes where they are.", example = "box.pause()")
    public void pause() {
        life().pause();
    }

    @Keyword(value = "Lets paused processes go on.", example = "box.resume()")
    public void resume() {
        life().resume();
    }

    /** Returns the last mebibyte of what the first process has written, also after {@code run()}. */
    public String getLogs() {
        return life().logs();
    }

    /** Calls the script whenever the first process has ended, on a thread of its own, with the exit status. */
    @Keyword(value = "Calls the script when the container ends.", example = "box.onExit { status -> println status }")
    public void onExit(@ClosureParams(value = SimpleType.class, options = "java.lang.Integer") Closure<?> body) {
        Rehearsal.visitLater(body);
        onExit((Consumer<Integer>) body::call);
    }

    /** Does the same for callers in Java. */
    public void onExit(Consumer<? super Integer> body) {
        life().onExit(body);
    }

    /** Calls the script whenever memory runs out in the container, on a thread of its own. */
    @Keyword(value = "Calls the script when memory runs out.", example = "box.onOom { println 'too little memory' }")
    public void onOom(Closure<?> body) {
        Rehearsal.visitLater(body);
        onOom((Runnable) body::call);
    }

    /** Does the same for callers in Java. */
    public void onOom(Runnable body) {
        life().onOom(body);
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
        life().listen(body);
    }

    /** Starts the container, runs the block, in which its words need no name before them, and deletes it. */
    @Keyword(value = "Runs a block with the words of the started container.", example = "box.inside { sh 'make test' }")
    public <T> T inside(@DelegatesTo(value = LiveContainer.class, strategy = Closure.DELEGATE_FIRST) Closure<T> body) {
        @SuppressWarnings("unchecked") // a clone returns what the closure returns
        Closure<T> copy = (Closure<T>) body.clone();
        copy.setDelegate(this);
        copy.setResolveStrategy(Closure.DELEGATE_FIRST);
        return life().whileStarted("inside", () -> copy.call(this));
    }

    /** Does the same for callers in Java. */
    public void inside(Consumer<? super LiveContainer> body) {
        life().whileStarted("inside", () -> {
            body.accept(this);
            return null;
        });
    }

    /** Starts the container, runs the block with it, and deletes it. */
    @Keyword(value = "Runs a block while the container runs.", example = "box.withRun { c -> c.exec('true').check() }")
    public <T> T withRun(
            @ClosureParams(value = SimpleType.class, options = "dev.gantry.dsl.live.LiveContainer") Closure<T> body) {
        return life().whileStarted("withRun", () -> body.call(this));
    }

    /** Does the same for callers in Java. */
    public void withRun(Consumer<? super LiveContainer> body) {
        inside(body);
    }

    /**
     * Gives the user of a prompt a shell in the container, or another program, at their own terminal. Ctrl-P Ctrl-Q
     * leaves it running, and {@link #attach} returns to it.
     *
     * @throws StateException if there is no terminal, as in a script
     */
    @Keyword(value = "Gives you a shell in the container; Ctrl-P Ctrl-Q leaves it.", example = "box.shell()")
    public void shell(String... command) {
        life().shell(command);
    }

    /** Gives the user of a prompt the terminal in the container that they left last, or that of the first process. */
    @Keyword(value = "Returns you to a terminal in the container.", example = "box.attach()")
    public void attach() {
        life().attach();
    }

    /** Sends a signal to the first process: {@code kill('HUP')}. */
    @Keyword(value = "Sends a signal to the first process.", example = "box.kill('TERM')")
    public void kill(String signal) {
        int parsed;
        try {
            parsed = Signal.parse(signal);
        } catch (IllegalArgumentException e) {
            throw session()
                    .mistake(Span.of("kill", signal), "container: `kill`: no signal is called `%s`".formatted(signal));
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
    @Keyword(
            value = "Waits for the end and returns the exit status.",
            example = "int status = box.waitFor()",
            byDefault = "it waits as long as it takes")
    public int waitFor() {
        return waitFor(Waiting.FOR_EVER);
    }

    /**
     * Does the same, but not for ever.
     *
     * @throws StateException if it has not ended by then
     */
    public int waitFor(Duration limit) {
        return life().waitFor(limit);
    }

    /** Does the same with a text such as {@code '2s'}. */
    public int waitFor(String limit) {
        return waitFor(time("waitFor", limit));
    }

    private Duration time(String word, String text) {
        try {
            return TimeSpan.parse(text);
        } catch (IllegalArgumentException e) {
            throw session().mistake(Span.of(word, text), "container: `%s`: %s".formatted(word, e.getMessage()));
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
        return life().stop(grace);
    }

    /** Does the same with a text such as {@code '2s'}. */
    public int stop(String grace) {
        return stop(time("stop", grace));
    }

    /** Deletes the container, which must have stopped. */
    @Keyword(
            value = "Deletes the container.",
            example = "box.delete(force: true)",
            byDefault = "`force: false`, which refuses what runs")
    public void delete() {
        delete(Map.of());
    }

    /** Deletes the container; with {@code force: true} it is killed first if it runs. */
    public void delete(@NamedParam("force") Map<String, ?> options) {
        boolean force = ExecRequest.options("delete", options, session()).flag("force", false);
        life().delete(force);
    }

    @Override
    public String toString() {
        return "container `%s` (%s)".formatted(getId(), getStatus());
    }
}
