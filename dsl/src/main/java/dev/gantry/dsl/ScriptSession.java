package dev.gantry.dsl;

import dev.gantry.error.ConfigException;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.Place;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Stdio;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run of one script: what its words act on. */
final class ScriptSession implements AutoCloseable {
    private final ScriptSource source;
    private final List<String> args;
    private final PrintStream out;
    private final Supplier<Gantry> gantry;
    private final ScriptContainers containers;
    private final Map<String, LiveContainer> defined;
    private final List<ScriptMistakes> wrong = new ArrayList<>();
    private ScriptParams params = ScriptParams.NONE;

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
        this.args = List.copyOf(args);
        this.out = out;
        this.gantry = gantry;
        this.containers = containers;
    }

    LiveContainer define(String id, Consumer<? super ContainerDsl> body) {
        Recorder recorder = new Recorder(source, out);
        if (id == null) {
            recorder.mistake(recorder.here(), "container", Wording.call(CtrScript.class, "container", List.of()));
        }
        OciConfig config;
        ContainerDsl block = new ContainerDsl(String.valueOf(id), recorder);
        try {
            body.accept(block);
            config = block.build();
        } catch (RuntimeException e) { // what went wrong first is in the recorder, if anything is
            throw recorder.failure(e)
                    .<RuntimeException>map(mistakes -> mistakes)
                    .orElse(e);
        }
        Optional<ScriptMistakes> failure = recorder.failure(null);
        if (failure.isPresent() && gantry != null) {
            throw failure.get();
        }
        failure.ifPresent(wrong::add); // a check goes on to find the mistakes of the other definitions
        Definition definition = block.attachTo(new Definition(config, recorder.sources(), source.dir()));
        LiveContainer container = new LiveContainer(this, id, definition);
        defined.put(id, container);
        return container;
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

    List<String> args() {
        return args;
    }

    PrintStream out() {
        return out;
    }

    Object param(String name, Map<String, ?> options) {
        Object otherwise = options.get("default");
        Class<?> type = options.get("type") instanceof Class<?> given
                ? given
                : otherwise == null || otherwise instanceof CharSequence ? String.class : otherwise.getClass();
        String text = params.text(name);
        if (text == null) {
            if (!options.containsKey("default")) {
                throw new ConfigException("parameter `%s` is not given; hint: add `-P %s=...`".formatted(name, name));
            }
            return otherwise instanceof CharSequence ? ScriptParams.convert(otherwise.toString(), type) : otherwise;
        }
        try {
            return ScriptParams.convert(text, type);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("parameter `%s` %s".formatted(name, e.getMessage()));
        }
    }

    /** Makes a container that is deleted with the script. */
    Container make(String id, Definition definition, boolean start) {
        Gantry at = gantry.get();
        try {
            return containers.make(() ->
                    start ? at.start(id, definition, Stdio.inherited()) : at.create(id, definition, Stdio.inherited()));
        } catch (ConfigException e) { // what only shows on this machine
            Place here = source.here().orElse(source.place(0));
            throw new ScriptMistakes(source.mistakes(e.problems(), definition.sources(), here), e);
        }
    }

    /** Ends the script here if it is read for its definitions only; called before anything is done to a container. */
    void requireLive() {
        if (gantry == null) {
            throw new DefinitionsEnd();
        }
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
        containers.close();
    }
}
