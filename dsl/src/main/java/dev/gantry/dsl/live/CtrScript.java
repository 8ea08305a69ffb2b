package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Bodies;
import dev.gantry.dsl.block.CapabilitiesDsl;
import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.block.HooksDsl;
import dev.gantry.dsl.block.LandlockDsl;
import dev.gantry.dsl.block.MountsDsl;
import dev.gantry.dsl.block.NamespacesDsl;
import dev.gantry.dsl.block.Options;
import dev.gantry.dsl.block.ProcessDsl;
import dev.gantry.dsl.block.ResourcesDsl;
import dev.gantry.dsl.block.SeccompDsl;
import dev.gantry.dsl.block.UserNamespaceDsl;
import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.dsl.word.Vocabulary;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.lang.Script;
import groovy.transform.NamedParam;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.codehaus.groovy.runtime.FormatHelper;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;

/**
 * What every {@code .ctr.groovy} file is: ordinary Groovy, with the words below.
 *
 * <p>A script is code, not data: it can do whatever the user who runs it can.
 */
public abstract class CtrScript extends Script {
    private static final int MAX_STATUS = 255;

    private ScriptRun session;

    /** Apart from the class of the script, whose annotations Groovy reads whenever a script runs: that takes time. */
    @Vocabulary(
            value = {
                PodDsl.class,
                ContainerDsl.class,
                ProcessDsl.class,
                CapabilitiesDsl.class,
                MountsDsl.class,
                NamespacesDsl.class,
                UserNamespaceDsl.class,
                ResourcesDsl.class,
                SeccompDsl.class,
                LandlockDsl.class,
                HooksDsl.class,
                HealthDsl.class,
                ParallelDsl.class
            },
            types = {LiveContainer.class, LivePod.class, LiveProcess.class, CommandResult.class})
    private interface Blocks {}

    /** Lets the words act on a run, before the script is run. */
    static void attach(CtrScript script, ScriptRun run) {
        script.session = run;
    }

    /**
     * Defines a container. Nothing is made until {@code create}, {@code start} or {@code run} is called.
     *
     * @throws dev.gantry.dsl.source.ScriptMistakes with everything that is wrong with the definition
     */
    @Keyword(value = "Defines a container.", example = "container('box') { hostname 'box' }")
    public LiveContainer container(
            String id,
            @DelegatesTo(value = ContainerDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> definition) {
        return session.definitions().container(id, block -> Bodies.configure(block, definition));
    }

    /** Does the same for callers in Java. */
    public LiveContainer container(String id, Consumer<? super ContainerDsl> definition) {
        return session.definitions().container(id, definition);
    }

    /** Defines a container that is a view of this machine and waits. */
    public LiveContainer container(String id) {
        return session.definitions().container(id, block -> {});
    }

    /**
     * Defines containers that share namespaces.
     *
     * @throws dev.gantry.dsl.source.ScriptMistakes with everything that is wrong with the definitions
     */
    @Keyword(
            value = "Defines containers that share namespaces.",
            example = "pod('web') { container('server') { hostname 'x'; namespaces { uts 'new' } } }")
    public LivePod pod(
            String id, @DelegatesTo(value = PodDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> definition) {
        return session.definitions().pod(id, block -> Bodies.configure(block, definition));
    }

    /** Does the same for callers in Java. */
    public LivePod pod(String id, Consumer<? super PodDsl> definition) {
        return session.definitions().pod(id, definition);
    }

    /** Runs another script as a part of this one and returns the containers that it defines, by id. */
    @Keyword(value = "Runs another script as a part of this one.", example = "def boxes = include('common.ctr.groovy')")
    public Map<String, LiveContainer> include(String path) {
        return session.include(path);
    }

    /**
     * Returns a parameter of the script: what {@code -P name=value} says, or else the default. Its type is
     * {@code type:}, or else that of the default, or else text.
     *
     * @throws ContainerException if the text is none of the type, or nothing is said and there is no default
     */
    @Keyword(
            value = "Returns what -P name=value says, or the default.",
            example = "def jobs = param('jobs', default: 4, type: Integer)")
    @SuppressWarnings("unchecked") // the compiler's checks know the type from `type:`, see KeywordChecking
    public <T> T param(@NamedParam("default") @NamedParam("type") Map<String, ?> options, String name) {
        return (T) session.param(name, options);
    }

    /** Returns a text that must be given. */
    public String param(String name) {
        return (String) session.param(name, Map.of());
    }

    /**
     * Hides a text in everything that is written from now on: {@code ***} stands for it in errors, warnings, reports,
     * logs and plans, and in what the script and its containers print. Its lines are hidden too, if it has several. It
     * is no secret from other users of this machine if it is an argument of a program: {@code ps} shows those.
     *
     * @return the text itself
     * @throws dev.gantry.error.ConfigException if it is blank
     */
    @Keyword(
            value = "Hides a text in all that is written.",
            example = "def token = secret(System.getenv('TOKEN') ?: 'x')")
    public String secret(String text) {
        session.hide(text);
        return text;
    }

    /**
     * Asks every 50 ms until the block returns true, for 30 s at most.
     *
     * @throws dev.gantry.error.StateException if it does not
     */
    @Keyword(value = "Waits until the block returns true.", example = "waitFor { new File('/').exists() }")
    public void waitFor(Closure<?> condition) {
        waitFor(Waiting.USUALLY, condition);
    }

    /** Does the same with another limit. */
    public void waitFor(Duration limit, Closure<?> condition) {
        Rehearsal.visitLater(condition);
        session.requireLive();
        Waiting.until("waitFor", limit, () -> DefaultTypeTransformation.castToBoolean(condition.call()));
    }

    /** Does the same with a limit such as {@code '2s'}. */
    public void waitFor(String limit, Closure<?> condition) {
        waitFor(parsed("waitFor", limit), condition);
    }

    /** Does the same for callers in Java. */
    public void waitFor(BooleanSupplier condition) {
        Waiting.until("waitFor", Waiting.USUALLY, condition);
    }

    /**
     * Runs branches at the same time and waits for all; returns what each has returned, by name.
     *
     * @throws ContainerException with the failures of all that failed
     */
    @Keyword(
            value = "Runs branches at the same time and waits for all; `failFast: true` ends the others at the first"
                    + " failure. Named blocks do as well: `parallel(unit: { }, lint: { })`.",
            example = "parallel { branch('unit') { println 'testing' } }")
    public Map<String, Object> parallel(
            @DelegatesTo(value = ParallelDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        return parallel(Map.of(), body);
    }

    /** Does the same; {@code failFast: true} ends the other branches when the first fails. */
    public Map<String, Object> parallel(
            Map<String, ?> options,
            @DelegatesTo(value = ParallelDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        boolean failFast = ParallelDsl.isFailFast(options, session);
        ParallelDsl block = new ParallelDsl();
        Bodies.delegate(block, body);
        return session.parallel(block.branches(), failFast);
    }

    /** Does the same with named blocks: {@code parallel(unit: { ... }, lint: { ... }, failFast: true)}. */
    public Map<String, Object> parallel(Map<String, ?> branches) {
        Map<String, Callable<?>> all = new LinkedHashMap<>();
        Map<String, Object> options = new LinkedHashMap<>();
        branches.forEach((name, value) -> {
            if (value instanceof Closure<?> body) {
                all.put(name, body::call);
            } else {
                options.put(name, value);
            }
        });
        return session.parallel(all, ParallelDsl.isFailFast(options, session));
    }

    /** Does the same for callers in Java. */
    public Map<String, Object> parallel(Consumer<? super ParallelDsl> body) {
        ParallelDsl block = new ParallelDsl();
        body.accept(block);
        return session.parallel(block.branches(), false);
    }

    /** Runs a block under a name, which reports show; returns what the block returns. */
    @Keyword(value = "Runs a block under a name that reports show.", example = "step('build') { println 'building' }")
    public <T> T step(String name, Closure<T> body) {
        return session.step(name, body::call);
    }

    /** Does the same for callers in Java. */
    public <T> T step(String name, Callable<T> body) {
        return session.step(name, body);
    }

    /**
     * Does the same for a limited time.
     *
     * @throws StateException if the block has not ended by then
     */
    public <T> T step(@NamedParam("timeout") Map<String, ?> options, String name, Closure<T> body) {
        Options given = given("step", options);
        return given.isGiven("timeout")
                ? session.step(name, () -> TimeLimit.run("step `%s`".formatted(name), time(options), body::call))
                : step(name, body);
    }

    private Options given(String word, Map<String, ?> options) {
        return new Options(CtrScript.class, word, options, (span, text) -> {
            throw session.mistake(span, text);
        });
    }

    private Duration time(Map<String, ?> options) {
        Object time = options.get("timeout");
        return time instanceof Duration exact ? exact : parsed("step", String.valueOf(time));
    }

    /** Runs a block again until it does not fail, so many times at most; returns what it returns. */
    @Keyword(
            value = "Runs a block again if it fails, so many times at most.",
            example = "retry(3) { println 'trying' }")
    public <T> T retry(int times, Closure<T> body) {
        if (times < 1) {
            String text = "script: `retry` needs at least one time, not `%d`".formatted(times);
            throw session.mistake(Span.of("retry", String.valueOf(times)), text);
        }
        return session.retry(times, body::call);
    }

    /** Does the same for callers in Java. */
    public <T> T retry(int times, Callable<T> body) {
        if (times < 1) {
            throw new IllegalArgumentException("`times` must be 1 or more, not " + times);
        }
        return session.retry(times, body);
    }

    /**
     * Runs a block for a limited time; returns what it returns. When the time is out, what the block waits for is
     * given up.
     *
     * @throws StateException if the block has not ended by then
     */
    @Keyword(value = "Runs a block and fails if it takes longer.", example = "timeout(2.min) { println 'working' }")
    public <T> T timeout(Duration limit, Closure<T> body) {
        return TimeLimit.run("timeout", limit, body::call);
    }

    /** Does the same for callers in Java. */
    public <T> T timeout(Duration limit, Callable<T> body) {
        return TimeLimit.run("timeout", limit, body);
    }

    /** Does the same with a limit such as {@code '2s'}. */
    public <T> T timeout(String limit, Closure<T> body) {
        return timeout(parsed("timeout", limit), body);
    }

    private Duration parsed(String word, String text) {
        try {
            return TimeSpan.parse(text);
        } catch (IllegalArgumentException e) {
            throw session.mistake(Span.of(word, text), "script: `%s`: %s".formatted(word, e.getMessage()));
        }
    }

    /** Returns the containers that were defined, by id, as at the prompt; a live view. */
    public Map<String, LiveContainer> getContainers() {
        return session.definitions().containers();
    }

    /** Lets the containers of this script live on when it has ended. */
    @Keyword(value = "Keeps the script's containers when it ends.", example = "keep()")
    public void keep() {
        session.containers().keep();
    }

    /**
     * Stops here and opens a prompt, in which the script's variables and containers are at hand; Ctrl-D there lets the
     * script go on, {@code exit 1} ends it. Without a terminal it goes on at once, with a warning.
     */
    @Keyword(value = "Stops here and opens a prompt.", example = "breakpoint()")
    public void breakpoint() {
        breakpoint(Map.of());
    }

    /** Does the same with other variables than those in sight, which a call without any is given. */
    public void breakpoint(Map<String, ?> variables) {
        session.breakpoint(this, variables);
    }

    /** Ends the script with an exit status. */
    @Keyword(
            value = "Ends the script with a status from 0 to 255.",
            example = "exit 3",
            byDefault = "status 0 at the end of the script")
    public void exit(int status) {
        if (status < 0 || status > MAX_STATUS) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "exit: a status is from 0 to %d, not `%d`".formatted(MAX_STATUS, status));
        }
        throw new ScriptExit(status);
    }

    /**
     * Does nothing for some milliseconds. Groovy's own method of this name would not hear that the script is cancelled.
     *
     * @throws StateException if it is
     */
    public void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException("sleep: interrupted");
        }
    }

    /** Returns the arguments that follow the file on the command line. */
    public List<String> getArgs() {
        return session.args();
    }

    @Override
    public void println() {
        session.out().println();
    }

    @Override
    public void println(Object value) {
        session.out().println(FormatHelper.toString(value));
    }

    @Override
    public void print(Object value) {
        session.out().print(FormatHelper.toString(value));
    }

    @Override
    public void printf(String format, Object value) {
        session.out().printf(Locale.ROOT, format, value);
    }

    @Override
    public void printf(String format, Object[] values) {
        session.out().printf(Locale.ROOT, format, Arrays.copyOf(values, values.length));
    }
}
