package dev.gantry.dsl;

import dev.gantry.dsl.compile.ScriptCompiler;
import dev.gantry.dsl.live.CtrScript;
import dev.gantry.dsl.live.ScriptContainers;
import dev.gantry.dsl.live.ScriptEvents;
import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.source.ControlFlow;
import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.error.ContainerException;
import dev.gantry.runtime.Gantry;
import dev.gantry.text.Secrets;
import dev.gantry.value.Definition;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs one {@code .ctr.groovy} file and deletes the containers that it made, however it ends.
 *
 * <pre>{@code
 * try (ScriptRunner runner = new ScriptRunner(() -> gantry, System.out)) {
 *     Runtime.getRuntime().addShutdownHook(new Thread(runner::close));
 *     return runner.run(file, args);
 * }
 * }</pre>
 */
public final class ScriptRunner implements AutoCloseable {
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(5);
    private static final int END_SECONDS = 5;
    private static final ScriptCompiler<CtrScript> COMPILER = new ScriptCompiler<>(CtrScript.class);

    private final Supplier<Gantry> gantry;
    private final PrintStream out;
    private final PrintStream err;
    private final ScriptEvents events;
    private final Secrets secrets;
    private final ScriptContainers containers;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Thread runs;
    private Debugging debugging = Debugging.NONE;

    /**
     * Creates a runner.
     *
     * @param gantry asked when the first container is made, so that a script that makes none needs none; stays the
     *     caller's
     * @param out where the script and its containers print
     */
    public ScriptRunner(Supplier<Gantry> gantry, PrintStream out) {
        this(gantry, out, out, ScriptEvents.NONE, new Secrets());
    }

    /**
     * Creates a runner.
     *
     * @param err where the containers' standard error is shown
     * @param events receives what the script does
     * @param secrets what the script calls {@code secret} is added there; code that writes what the exceptions and
     *     the events say masks it
     */
    public ScriptRunner(
            Supplier<Gantry> gantry, PrintStream out, PrintStream err, ScriptEvents events, Secrets secrets) {
        this.gantry = gantry;
        this.out = out;
        this.err = err;
        this.events = events;
        this.secrets = secrets;
        this.containers = new ScriptContainers(events);
    }

    /** Lets {@code breakpoint()} open a prompt. */
    public void debugBy(ScriptDebugger opener) {
        this.debugging = new Debugging(opener, false);
    }

    /** Does the same, and lets a failure open one too, before the containers are deleted. */
    public void debugFailuresBy(ScriptDebugger opener) {
        this.debugging = new Debugging(opener, true);
    }

    /**
     * Compiles and runs a script on the calling thread, to its end; then deletes what it made.
     *
     * @param args what the script finds in {@code args}
     * @return the exit status: 0, or that of {@code exit}
     * @throws ScriptMistakes if the script or one of its definitions is wrong
     * @throws ScriptFailure if it failed; it knows the exit status
     */
    public int run(Path file, List<String> args) {
        return run(file, args, ScriptParams.NONE);
    }

    /** Does the same with parameters. */
    public int run(Path file, List<String> args, ScriptParams params) {
        ScriptSource source = ScriptSource.read(file);
        params.requireNamed(source.text());
        runs = Thread.currentThread();
        ScriptContext context =
                ScriptContext.ofRun(gantry, containers, args, params, out, err, secrets, events, debugging);
        try (ScriptSession session = new ScriptSession(source, context)) {
            return evaluate(session);
        } finally {
            ended.countDown();
        }
    }

    /**
     * Deletes what the script has made so far and lets it make no more. For a shutdown hook; waits for its end. If the
     * script keeps its containers, what it waits for in one of them is ended.
     */
    @Override
    public void close() {
        if (containers.isKept() && runs != null && runs != Thread.currentThread() && ended.getCount() > 0) {
            runs.interrupt();
            try {
                ended.await(END_SECONDS, TimeUnit.SECONDS); // a script that does not listen is not waited for
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        containers.close();
    }

    /**
     * Returns what a script defines, by container id, without making anything and without printing. The script is
     * evaluated up to its end or to the first call that would touch a container, such as {@code start()}, and ends
     * there as if it had said {@code exit}: what it defines after that is not found.
     *
     * @throws ScriptMistakes if the script or one of the definitions is wrong
     * @throws ScriptFailure if it failed
     */
    public static Map<String, Definition> definitions(Path file, List<String> args) {
        return definitions(file, args, ScriptParams.NONE, new Secrets());
    }

    /**
     * Does the same with parameters.
     *
     * @param secrets what the script calls {@code secret} is added there
     */
    public static Map<String, Definition> definitions(
            Path file, List<String> args, ScriptParams params, Secrets secrets) {
        ScriptSource source = ScriptSource.read(file);
        try (ScriptSession session = new ScriptSession(source, ScriptContext.ofReading(args, params, secrets))) {
            evaluate(session);
            return session.definitions().all();
        }
    }

    /**
     * Finds what is wrong with a script, from its first line to its last, and returns what it defines. Nothing is made
     * or printed: every statement is tried, those that need what only a run can tell are passed over, and where a
     * condition is such, both ways are gone. Calls of Java's that write files, start programs or wait are passed over
     * too.
     *
     * @param secrets what the script calls {@code secret} is added there
     * @throws ScriptMistakes with everything that is wrong
     * @throws ScriptFailure if the script would fail before it does anything to a container
     */
    public static Map<String, Definition> check(Path file, List<String> args, ScriptParams params, Secrets secrets) {
        return check(file, args, params, secrets, CHECK_LIMIT);
    }

    /** Does the same for a time of the caller's choice, after which a script that waits is left behind. */
    static Map<String, Definition> check(
            Path file, List<String> args, ScriptParams params, Secrets secrets, Duration limit) {
        ScriptSource source = ScriptSource.read(file);
        Rehearsal rehearsal = new Rehearsal(source, COMPILER);
        ScriptContext context = ScriptContext.ofReading(args, params, secrets);
        try (ScriptSession session = new RehearsedSession(source, context, rehearsal)) {
            rehearsal.checkNames();
            ContainerException failure = null;
            try {
                TimedRehearsal.within(limit, source, () -> rehearsal.during(() -> evaluate(session)));
            } catch (ContainerException e) {
                failure = e;
            }
            List<Mistake> mistakes = session.definitions().mistakes(rehearsal.mistakes(), failure);
            if (!mistakes.isEmpty()) {
                throw new ScriptMistakes(mistakes, failure);
            } else if (failure != null) {
                throw failure;
            }
            return session.definitions().all();
        }
    }

    private static int evaluate(ScriptSession session) {
        CtrScript script = session.compiled(COMPILER);
        session.attachTo(script);
        try {
            script.run();
            session.requireAllAsked();
            return 0;
        } catch (ScriptExit exit) {
            return exit.status();
        } catch (DefinitionsEnd end) {
            return 0;
        } catch (ControlFlow flow) {
            throw flow;
        } catch (Throwable e) { // the edge: whatever it was becomes one message
            throw failed(e, session, script);
        }
    }

    /**
     * Runs a script that another includes, to its end; {@code exit} and the end of the definitions are the other's too.
     */
    static void evaluatePart(ScriptSession session) {
        CtrScript script = session.compiled(COMPILER);
        session.attachTo(script);
        try {
            script.run();
        } catch (ControlFlow flow) {
            throw flow;
        } catch (Throwable e) { // it knows its own lines
            throw failed(e, session, script);
        }
    }

    /** Explains what a script threw, and lets the user look around first if they want to. */
    private static ContainerException failed(Throwable thrown, ScriptSession session, CtrScript script) {
        ContainerException failure = ScriptFailure.explained(thrown, session.source());
        if (session.debugging().isOnFailure()) {
            session.debugging().stop(session.prompt(script, Map.of()), failure);
        }
        return failure;
    }
}
