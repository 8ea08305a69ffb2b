package dev.gantry.dsl;

import dev.gantry.dsl.compile.ScriptCompiler;
import dev.gantry.dsl.live.ContainerEvent;
import dev.gantry.dsl.live.CtrScript;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.live.ScriptContainers;
import dev.gantry.dsl.live.ScriptDefinitions;
import dev.gantry.dsl.live.ScriptEvents;
import dev.gantry.dsl.live.ScriptRun;
import dev.gantry.dsl.source.ControlFlow;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Place;
import dev.gantry.error.Problem;
import dev.gantry.error.Shown;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.Stdio;
import dev.gantry.io.UserTerminal;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Internals;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.Definition;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** One run of one script: its text, what it finds around it, and what it has defined. */
class ScriptSession implements ScriptRun, AutoCloseable {
    private final ScriptSource source;
    private final ScriptContext context;
    private final ScriptDefinitions definitions;
    private final Map<String, LiveContainer> defined;
    private final Set<String> including;

    /** Creates a session that has defined nothing. */
    ScriptSession(ScriptSource source, ScriptContext context) {
        this(source, context, new LinkedHashMap<>());
    }

    /** Creates a session that adds to what others have defined. */
    ScriptSession(ScriptSource source, ScriptContext context, Map<String, LiveContainer> defined) {
        this(source, context, defined, Set.of());
    }

    /** Creates a session for a script that others include. */
    ScriptSession(ScriptSource source, ScriptContext context, Map<String, LiveContainer> defined, Set<String> around) {
        this.source = source;
        this.context = context;
        this.defined = defined;
        this.definitions = new ScriptDefinitions(this, context.isRead(), defined);
        this.including = new HashSet<>(around);
        this.including.add(key(source));
    }

    @Override
    public Map<String, LiveContainer> include(String path) {
        ScriptSource other = ScriptSource.read(source.dir().resolve(path));
        if (including.contains(key(other))) {
            throw new ConfigException("include `%s`: it includes itself".formatted(path));
        }
        Map<String, LiveContainer> found = new LinkedHashMap<>();
        ScriptSession part = part(other, context, found, including);
        try {
            part.runAsPart();
        } finally {
            definitions.addAll(part.definitions);
        }
        return found;
    }

    /** Returns the session of a script that this one includes. */
    ScriptSession part(ScriptSource other, ScriptContext shared, Map<String, LiveContainer> found, Set<String> around) {
        return new ScriptSession(other, shared, found, around);
    }

    /** Runs the script as a part of another. */
    void runAsPart() {
        ScriptRunner.evaluatePart(this);
    }

    /**
     * Compiles the script.
     *
     * @throws ScriptMistakes with everything that is wrong with it
     */
    CtrScript compiled(ScriptCompiler<CtrScript> compiler) {
        return debugging().isOnFailure() ? compiler.compileForDebugging(source) : compiler.compile(source);
    }

    private static String key(ScriptSource source) {
        return source.dir().resolve(Path.of(source.name()).getFileName()).toString();
    }

    @Override
    public ScriptSource source() {
        return source;
    }

    @Override
    public ScriptDefinitions definitions() {
        return definitions;
    }

    /**
     * Makes sure that the script, which has ended, has asked for every parameter that was given.
     *
     * @throws ConfigException if it has not
     */
    void requireAllAsked() {
        params().requireAllAsked("");
    }

    final ScriptParams params() {
        return context.params();
    }

    @Override
    public Object param(String name, Map<String, ?> options) {
        return context.params().value(name, options);
    }

    @Override
    public void hide(String text) {
        context.secrets().add(text);
    }

    @Override
    public List<String> args() {
        return context.args();
    }

    @Override
    public PrintStream out() {
        return context.out();
    }

    @Override
    public PrintStream err() {
        return context.err();
    }

    @Override
    public ScriptEvents events() {
        return context.events();
    }

    @Override
    public ScriptContainers containers() {
        return context.containers();
    }

    @Override
    public Optional<UserTerminal> terminal() {
        return Optional.ofNullable(context.terminal());
    }

    Debugging debugging() {
        return context.debugging();
    }

    @Override
    public Container make(String id, Definition definition, boolean start, Stdio stdio, ContainerOutput output) {
        Gantry at = context.gantry().get();
        try {
            Container made = containers()
                    .make(
                            () -> start
                                    ? Internals.start(at, id, definition, stdio, CreateOptions.DEFAULT.leasing())
                                    : Internals.create(at, id, definition, stdio, CreateOptions.DEFAULT.leasing()),
                            output);
            events().made(id);
            Internals.plan(made).warnings().forEach(warning -> warn(placed(warning, definition)));
            return made;
        } catch (ConfigException e) { // what only shows on this machine
            Place here = source.here().orElse(source.place(0));
            throw new ScriptMistakes(source.mistakes(e.problems(), definition.sources(), here), e);
        }
    }

    /** Returns a warning's line with that of the script that asked for it. */
    private static String placed(Problem warning, Definition definition) {
        String path = "[%s]".formatted(warning.ociPath());
        return definition
                .sources()
                .find(warning.ociPath())
                .map(place -> warning.line().replace(path, "[%s, %s]".formatted(warning.ociPath(), place)))
                .orElse(warning.line());
    }

    @Override
    public ContainerOutput openOutput() {
        return containers().isKept()
                ? null
                : Internals.openOutput(context.gantry().get(), out(), err());
    }

    @Override
    public boolean noticesEvents() {
        return context.notices() != null;
    }

    @Override
    public void notice(ContainerEvent event) {
        context.notices().accept(event);
    }

    @Override
    public void breakpoint(CtrScript script, Map<String, ?> variables) {
        if (context.isRead()) {
            return;
        }
        String where = source.here().map(place -> " at " + place).orElse("");
        if (!debugging().isPossible()) {
            warn("breakpoint()%s: there is no terminal to open a prompt at".formatted(where));
            return;
        }
        String why = "stopped%s; Ctrl-D goes on, `exit 1` ends the script".formatted(where);
        debugging().stop(prompt(script, variables), why).ifPresent(status -> {
            throw new ScriptExit(status);
        });
    }

    /** Returns what a prompt in the midst of the script evaluates, with its variables. */
    InteractiveScript prompt(CtrScript script, Map<String, ?> variables) {
        out().flush();
        InteractiveScript prompt =
                new InteractiveScript(context.gantry(), out(), source.dir(), context.secrets(), containers(), defined);
        prompt.continueWith(script, variables);
        return prompt;
    }

    /** Does something for the script after what it already does: its event handlers never run at the same time. */
    @Override
    public void later(Runnable action) {
        context.handlers().later(() -> handle(action));
    }

    /** A handler has nobody to throw to. */
    private void handle(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // the edge: Groovy throws what it likes
            warn(explain(e));
        }
    }

    /** Tells of something that stops nothing. */
    private void warn(String text) {
        err().println(Shown.lines(context.secrets().masked("gantry: warning: " + text)));
    }

    /** Returns in a line, or more, what was thrown and by which line of the script. */
    private String explain(Throwable thrown) {
        return ScriptFailure.explained(thrown, source).line();
    }

    @Override
    public <T> T step(String name, Callable<T> body) {
        long begin = System.nanoTime();
        Throwable failure = null;
        try {
            return body.call();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } catch (Exception e) {
            failure = e;
            throw new IllegalStateException(e); // Groovy declares nothing: a closure may throw what it likes
        } finally {
            if (!(failure instanceof DefinitionsEnd)) {
                events().step(name, Duration.ofNanos(System.nanoTime() - begin), failure);
            }
        }
    }

    @Override
    public <T> T retry(int times, Callable<T> body) {
        for (int time = 1; time < times; time++) {
            try {
                return body.call();
            } catch (ControlFlow | VirtualMachineError e) {
                throw e;
            } catch (Throwable e) { // a closure throws what it likes
                if (Thread.currentThread().isInterrupted()) {
                    throw ScriptFailure.explained(e, source);
                }
                warn("retry: attempt %d of %d failed: %s".formatted(time, times, explain(e)));
                events().forgiven(e);
            }
        }
        try {
            return body.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e); // Groovy declares nothing
        }
    }

    @Override
    public Map<String, Object> parallel(Map<String, Callable<?>> branches, boolean failFast) {
        requireLive();
        return new Branches(branches, this::explain, this::warn).run(failFast);
    }

    @Override
    public boolean isRehearsed() {
        return false;
    }

    @Override
    public void requireLive() {
        if (context.isRead()) {
            throw new DefinitionsEnd();
        }
    }

    /** Deletes what the script made, unless it is kept. */
    @Override
    public void close() {
        out().flush();
        try {
            containers().close();
        } finally {
            if (!context.handlers().end()) {
                warn("a handler of the script has not ended");
            }
            out().flush();
        }
    }
}
