package dev.gantry.dsl;

import dev.gantry.error.ConfigException;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.Place;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Stdio;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        try {
            ContainerDsl block = new ContainerDsl(String.valueOf(id), recorder);
            body.accept(block);
            config = block.build();
        } catch (RuntimeException e) { // what went wrong first is in the recorder, if anything is
            throw recorder.failure(e)
                    .<RuntimeException>map(mistakes -> mistakes)
                    .orElse(e);
        }
        recorder.failure(null).ifPresent(mistakes -> {
            throw mistakes;
        });
        Definition definition = new Definition(config, recorder.sources(), source.dir());
        LiveContainer container = new LiveContainer(this, id, definition);
        defined.put(id, container);
        return container;
    }

    /** Returns what was defined so far, in that order. */
    Map<String, Definition> definitions() {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        defined.forEach((id, container) -> definitions.put(id, container.definition()));
        return definitions;
    }

    ScriptSource source() {
        return source;
    }

    List<String> args() {
        return args;
    }

    PrintStream out() {
        return out;
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
