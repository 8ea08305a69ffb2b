package dev.gantry.dsl;

import dev.gantry.dsl.compile.EvaluatedLine;
import dev.gantry.dsl.compile.LineCompiler;
import dev.gantry.dsl.live.ContainerEvent;
import dev.gantry.dsl.live.CtrScript;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.live.ScriptContainers;
import dev.gantry.dsl.live.ScriptDefinitions;
import dev.gantry.dsl.source.ControlFlow;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.error.ContainerException;
import dev.gantry.io.UserTerminal;
import dev.gantry.runtime.Gantry;
import dev.gantry.text.Secrets;
import dev.gantry.value.Definition;
import groovy.lang.Binding;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.codehaus.groovy.runtime.MethodClosure;

/**
 * A script that is written while it runs: each text is evaluated once, on top of what the earlier ones have left.
 *
 * <p>Variables, functions, classes and imports stay. A text is compiled by itself and nothing is ever evaluated again;
 * what it needs is freed with the last object it made. Names are looked up when it runs, as in a script that says
 * {@code // @dynamic}. Not thread-safe, but for {@link #close}.
 */
public final class InteractiveScript implements AutoCloseable {
    private final Supplier<Gantry> gantry;
    private final PrintStream out;
    private final Path dir;
    private final Secrets secrets;
    private final ScriptContainers containers;
    private final boolean ownsContainers;
    private final Map<String, Object> variables = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, LiveContainer> defined;
    private final LineCompiler<CtrScript> compiler = new LineCompiler<>(CtrScript.class);
    private final List<EvaluatedLine> history = new ArrayList<>();
    private final EventHandlers handlers = new EventHandlers();
    private UserTerminal terminal;
    private Consumer<? super ContainerEvent> notices;
    private int count;
    private volatile boolean leftOut;

    /**
     * Begins a session; no container is made yet.
     *
     * @param gantry asked when the first container is made; stays the caller's
     * @param out where the texts print
     * @param dir against which their relative paths count
     * @param secrets what the texts call {@code secret} is added there
     */
    public InteractiveScript(Supplier<Gantry> gantry, PrintStream out, Path dir, Secrets secrets) {
        this(
                gantry,
                out,
                dir,
                secrets,
                new ScriptContainers(),
                Collections.synchronizedMap(new LinkedHashMap<>()),
                true);
    }

    /** Begins a session in the midst of a script, whose containers they are. */
    InteractiveScript(
            Supplier<Gantry> gantry,
            PrintStream out,
            Path dir,
            Secrets secrets,
            ScriptContainers containers,
            Map<String, LiveContainer> defined) {
        this(gantry, out, dir, secrets, containers, defined, false);
    }

    private InteractiveScript(
            Supplier<Gantry> gantry,
            PrintStream out,
            Path dir,
            Secrets secrets,
            ScriptContainers containers,
            Map<String, LiveContainer> defined,
            boolean ownsContainers) {
        this.gantry = gantry;
        this.out = out;
        this.dir = dir.toAbsolutePath().normalize();
        this.secrets = secrets;
        this.containers = containers;
        this.defined = defined;
        this.ownsContainers = ownsContainers;
    }

    /** Takes over the variables and functions of a script. */
    void continueWith(CtrScript script, Map<String, ?> inSight) {
        keepFunctions(script);
        Map<?, ?> bound = script.getBinding().getVariables();
        bound.forEach((name, value) -> variables.put(String.valueOf(name), value));
        variables.putAll(inSight);
    }

    /** Returns what must not be read in what the prompt writes. */
    public Secrets secrets() {
        return secrets;
    }

    /** Gives the texts a terminal to lend to containers. */
    public void sitAt(UserTerminal given) {
        this.terminal = given;
    }

    /** Sets who receives the events of containers, on a thread that the handlers of the texts share. */
    public void noticeBy(Consumer<? super ContainerEvent> receiver) {
        this.notices = receiver;
    }

    /**
     * What came of a text.
     *
     * @param value of its last statement
     * @param exit the status if it said {@code exit}
     */
    public record Evaluation(Object value, OptionalInt exit) {}

    /**
     * Evaluates a text on the calling thread, which may be interrupted to cancel it.
     *
     * @throws dev.gantry.dsl.source.ScriptMistakes if the text or a definition in it is wrong
     * @throws dev.gantry.dsl.source.ScriptFailure if it failed; what it did before stays done
     */
    public Evaluation evaluate(String text) {
        count++;
        return evaluate(new ScriptSource("line" + count, dir, text));
    }

    /**
     * Evaluates a file likewise; its relative paths count against its directory.
     *
     * @throws ContainerException if it cannot be read
     */
    public Evaluation evaluate(Path file) {
        return evaluate(ScriptSource.read(dir.resolve(file)));
    }

    private Evaluation evaluate(ScriptSource source) {
        leftOut = false;
        String text = source.text();
        LineCompiler.Line<CtrScript> line = compiler.compile(source, List.copyOf(variables.keySet()));
        try {
            Object value = line.script().map(script -> run(script, source)).orElse(null);
            history.add(leftOut ? EvaluatedLine.comment(text) : new EvaluatedLine(text, line.declarations()));
            return new Evaluation(value, OptionalInt.empty());
        } catch (ScriptExit exit) {
            return new Evaluation(null, OptionalInt.of(exit.status()));
        } catch (ControlFlow flow) {
            throw flow;
        } catch (Throwable e) { // the edge: whatever it was becomes one message
            throw ScriptFailure.explained(e, source);
        } finally {
            line.forget();
            out.flush();
        }
    }

    private Object run(CtrScript script, ScriptSource source) {
        ScriptContext context = ScriptContext.ofLine(gantry, containers, out, secrets, handlers, notices, terminal);
        new ScriptSession(source, context, defined).attachTo(script);
        script.setBinding(new Binding(variables));
        keepFunctions(script);
        return script.run();
    }

    /** A function of a line is a variable of the session that can be called. */
    private void keepFunctions(CtrScript script) {
        for (Method method : script.getClass().getDeclaredMethods()) {
            boolean written = !method.isSynthetic()
                    && !Modifier.isStatic(method.getModifiers())
                    && !method.getName().equals("run")
                    && !method.getName().contains("$");
            if (written) {
                variables.put(method.getName(), new MethodClosure(script, method.getName()));
            }
        }
    }

    /**
     * Returns the variables and functions by name, in the order of their making; a live view, safe to read anywhere.
     */
    public Map<String, Object> variables() {
        return variables;
    }

    /** Returns the containers that were defined, by id; a live view, safe to read anywhere. */
    public Map<String, LiveContainer> containers() {
        return defined;
    }

    /** Makes the text that is being evaluated a comment of {@link #text}: it needs the person who sits here. */
    public void leaveOut() {
        leftOut = true;
    }

    /** Returns everything that was evaluated with success as the text of a script that does the same. */
    public String text() {
        StringBuilder text = new StringBuilder("// @dynamic\n");
        Set<String> declared = new HashSet<>();
        history.forEach(line -> text.append(line.text(declared)).append('\n'));
        return text.toString();
    }

    /** Returns what the definitions have become, by id. */
    public Map<String, Definition> definitions() {
        synchronized (defined) {
            return ScriptDefinitions.of(defined);
        }
    }

    /**
     * Deletes the containers that the session has made, unless it said {@code keep()}. May be called from any thread.
     */
    @Override
    public void close() {
        handlers.end();
        if (ownsContainers) {
            containers.close();
        }
    }
}
