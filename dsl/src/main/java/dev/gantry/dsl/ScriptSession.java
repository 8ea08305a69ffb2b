package dev.gantry.dsl;

import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.block.DefinitionBuilder;
import dev.gantry.dsl.block.Recorder;
import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.rehearsal.UnknownValue;
import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.ConfigException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.Problem;
import dev.gantry.error.Shown;
import dev.gantry.error.StateException;
import dev.gantry.plan.Place;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerOutput;
import dev.gantry.runtime.CreateOptions;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Stdio;
import dev.gantry.runtime.UserTerminal;
import dev.gantry.text.Secrets;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run of one script: what its words act on. */
final class ScriptSession implements AutoCloseable {
    private final ScriptSource source;
    private final List<String> args;
    private final PrintStream out;
    private PrintStream err;
    private ScriptEvents events = ScriptEvents.NONE;
    private EventHandlers handlers = new EventHandlers();
    private UserTerminal terminal;
    private Debugging debugging = Debugging.NONE;
    private Consumer<? super ContainerEvent> notices;
    private final Set<String> including = new HashSet<>();
    private final Supplier<Gantry> gantry;
    private final ScriptContainers containers;
    private final Map<String, LiveContainer> defined;
    private final List<ScriptMistakes> wrong = new ArrayList<>();
    private ScriptParams params = ScriptParams.NONE;
    private Secrets secrets = new Secrets();

    /**
     * Creates a session.
     *
     * @param gantry asked when the first container is made; null if the script is read for its definitions only
     */
    ScriptSession(
            ScriptSource source,
            List<String> args,
            PrintStream out,
            Supplier<Gantry> gantry,
            ScriptContainers containers) {
        this(source, args, out, gantry, containers, new LinkedHashMap<>());
    }

    /** Creates a session that adds to what others have defined. */
    ScriptSession(
            ScriptSource source,
            List<String> args,
            PrintStream out,
            Supplier<Gantry> gantry,
            ScriptContainers containers,
            Map<String, LiveContainer> defined) {
        this.defined = defined;
        this.source = source;
        this.including.add(key(source));
        this.args = List.copyOf(args);
        this.out = out;
        this.err = out;
        this.gantry = gantry;
        this.containers = containers;
    }

    LiveContainer define(String id, Consumer<? super ContainerDsl> body) {
        return define(id, null, body);
    }

    /** Defines a pod with what its block defines. */
    LivePod pod(String id, Consumer<? super PodDsl> body) {
        LivePod pod = new LivePod(id, define(id, block -> block.rootfs(block.empty())));
        Recorder recorder = new Recorder(source, out);
        body.accept(new PodDsl(recorder, this, pod));
        recorder.failure(null).ifPresent(this::wrong);
        return pod;
    }

    private void wrong(ScriptMistakes mistakes) {
        if (gantry != null) {
            throw mistakes;
        }
        wrong.add(mistakes); // who reads definitions goes on to find the mistakes of the other definitions
    }

    /** Defines a container; one of a pod, unless that is null. */
    LiveContainer define(String id, LivePod pod, Consumer<? super ContainerDsl> body) {
        DefinitionBuilder builder = new DefinitionBuilder(String.valueOf(id), source, out);
        if (id == null) {
            builder.mistake("container", Wording.call(CtrScript.class, "container", List.of()));
        } else {
            checkId(id, builder);
        }
        if (pod != null) {
            builder.join(pod.shared());
        }
        Definition definition = builder.build(body);
        builder.mistakes().ifPresent(this::wrong);
        LiveContainer container = new LiveContainer(this, id, definition, pod);
        if (pod != null) {
            pod.add(container);
        }
        synchronized (defined) {
            requireNone(id, defined.get(id));
            defined.put(id, container);
        }
        return container;
    }

    private static void checkId(String id, DefinitionBuilder builder) {
        try {
            Gantry.checkId(id);
        } catch (ContainerException e) {
            builder.mistake("container", "container: " + e.line());
        }
    }

    /** With a new definition of the name nobody could reach the container any more. */
    private void requireNone(String id, LiveContainer earlier) {
        if (gantry != null && earlier != null && earlier.made() != null) {
            throw new StateException(
                    "container `%s`: there is one already".formatted(id), "delete it before you define it again");
        }
    }

    /** Returns all that a rehearsal has found, each once, in the order of the lines. */
    List<Mistake> mistakes(Rehearsal rehearsal, ContainerException failure) {
        List<Mistake> all = new ArrayList<>(rehearsal.mistakes());
        wrong.forEach(one -> all.addAll(one.mistakes()));
        if (failure instanceof ScriptMistakes last) {
            all.addAll(last.mistakes());
        }
        Set<List<Object>> told = new HashSet<>();
        all.removeIf(mistake -> !told.add(List.of(mistake.place(), mistake.text())));
        all.sort(Comparator.comparing((Mistake mistake) -> mistake.place().file())
                .thenComparingInt(mistake -> mistake.place().line())
                .thenComparingInt(Mistake::column));
        return all;
    }

    /** Returns what to throw for a word of the line being executed. */
    ScriptMistakes mistake(String word, String text) {
        return new ScriptMistakes(List.of(source.mistake(source.here().orElse(source.place(1)), word, text)), null);
    }

    /**
     * Returns what was defined so far, in that order.
     *
     * @throws ScriptMistakes with everything that is wrong with the definitions
     */
    Map<String, Definition> definitions() {
        if (!wrong.isEmpty()) {
            List<Mistake> all = new ArrayList<>();
            wrong.forEach(one -> all.addAll(one.mistakes()));
            throw new ScriptMistakes(all, null);
        }
        Map<String, Definition> definitions = new LinkedHashMap<>();
        defined.forEach((id, container) -> definitions.put(id, container.definition()));
        return definitions;
    }

    /**
     * Runs another script as a part of this one.
     *
     * @return the containers that it has defined
     * @throws ContainerException if it includes itself
     */
    Map<String, LiveContainer> include(String path) {
        ScriptSource other = ScriptSource.read(source.dir().resolve(path));
        if (including.contains(key(other))) {
            throw new ConfigException("include `%s`: it includes itself".formatted(path));
        }
        Map<String, LiveContainer> found = new LinkedHashMap<>();
        ScriptSession part = new ScriptSession(other, args, out, gantry, containers, found)
                .with(params)
                .masking(secrets)
                .telling(events)
                .printingErrorsTo(err)
                .at(terminal)
                .within(handlers, notices)
                .debuggedBy(debugging);
        part.including.addAll(including);
        try {
            Rehearsal.current()
                    .ifPresentOrElse(
                            rehearsal -> rehearsal.within(other, () -> ScriptRunner.evaluatePart(part)),
                            () -> ScriptRunner.evaluatePart(part));
        } finally {
            wrong.addAll(part.wrong);
            synchronized (defined) {
                defined.putAll(found);
            }
        }
        return found;
    }

    private static String key(ScriptSource source) {
        return source.dir().resolve(Path.of(source.name()).getFileName()).toString();
    }

    ScriptSource source() {
        return source;
    }

    ScriptParams params() {
        return params;
    }

    ScriptSession with(ScriptParams given) {
        this.params = given;
        return this;
    }

    /** Shares what must not be read in messages with whoever writes them. */
    ScriptSession masking(Secrets shared) {
        this.secrets = shared;
        return this;
    }

    Secrets secrets() {
        return secrets;
    }

    List<String> args() {
        return args;
    }

    PrintStream out() {
        return out;
    }

    /** Makes a container that is deleted with the script. */
    Container make(String id, Definition definition, boolean start, Stdio stdio, ContainerOutput output) {
        Gantry at = gantry.get();
        try {
            Container made = containers.make(
                    () -> start
                            ? at.start(id, definition, stdio, CreateOptions.DEFAULT.leasing())
                            : at.create(id, definition, stdio, CreateOptions.DEFAULT.leasing()),
                    output);
            events.made(id);
            made.plan().warnings().forEach(warning -> warn(placed(warning, definition)));
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

    /** Makes pipes for what a first process writes; null if it is to outlive the script, which would be its reader. */
    ContainerOutput openOutput() {
        return containers.isKept() ? null : gantry.get().openOutput(out, err);
    }

    ScriptEvents events() {
        return events;
    }

    ScriptSession telling(ScriptEvents receiver) {
        this.events = receiver;
        return this;
    }

    /** Returns the terminal at which the user sits; empty for a script. */
    Optional<UserTerminal> terminal() {
        return Optional.ofNullable(terminal);
    }

    ScriptSession at(UserTerminal given) {
        this.terminal = given;
        return this;
    }

    /** Makes the session part of one that goes on: with its handlers, and who is told of all that happens. */
    ScriptSession within(EventHandlers shared, Consumer<? super ContainerEvent> receiver) {
        this.handlers = shared;
        this.notices = receiver;
        return this;
    }

    boolean noticesEvents() {
        return notices != null;
    }

    void notice(ContainerEvent event) {
        notices.accept(event);
    }

    ScriptSession debuggedBy(Debugging given) {
        this.debugging = given;
        return this;
    }

    Debugging debugging() {
        return debugging;
    }

    /** Lets the user look about, if there is one. */
    void breakpoint(CtrScript script, Map<String, ?> variables) {
        if (gantry == null) {
            return; // the script is only read
        }
        String where = source.here().map(place -> " at " + place).orElse("");
        if (!debugging.isPossible()) {
            warn("breakpoint()%s: there is no terminal to open a prompt at".formatted(where));
            return;
        }
        String why = "stopped%s; Ctrl-D goes on, `exit 1` ends the script".formatted(where);
        debugging.stop(prompt(script, variables), why).ifPresent(status -> {
            throw new ScriptExit(status);
        });
    }

    /** Returns what a prompt in the midst of the script evaluates, with its variables. */
    InteractiveScript prompt(CtrScript script, Map<String, ?> variables) {
        out.flush();
        InteractiveScript prompt = new InteractiveScript(gantry, out, source.dir(), secrets, containers, defined);
        prompt.continueWith(script, variables);
        return prompt;
    }

    PrintStream err() {
        return err;
    }

    ScriptSession printingErrorsTo(PrintStream stream) {
        this.err = stream;
        return this;
    }

    /** Does something for the script after what it already does: its event handlers never run at the same time. */
    void later(Runnable action) {
        handlers.later(() -> handle(action));
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
        err.println(Shown.lines(secrets.masked("gantry: warning: " + text)));
    }

    /** Says what was thrown, and by which line of the script. */
    String explain(Throwable thrown) {
        return ScriptFailure.explained(thrown, source).line();
    }

    <T> T step(String name, Callable<T> body) {
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
                events.step(name, Duration.ofNanos(System.nanoTime() - begin), failure);
            }
        }
    }

    /** Ends the script here if it is read for its definitions only; called before anything is done to a container. */
    void requireLive() {
        if (isRehearsed()) {
            throw new UnknownValue();
        }
        if (gantry == null) {
            throw new DefinitionsEnd();
        }
    }

    /** Answers whether the script is only tried: what its containers would answer is unknown. */
    boolean isRehearsed() {
        return Rehearsal.current().isPresent();
    }

    ScriptContainers containers() {
        return containers;
    }

    void keep() {
        containers.keep();
    }

    /** Deletes what the script made, unless it is kept. */
    @Override
    public void close() {
        out.flush();
        try {
            containers.close();
        } finally {
            if (!handlers.end()) {
                warn("a handler of the script has not ended");
            }
            out.flush();
        }
    }
}
