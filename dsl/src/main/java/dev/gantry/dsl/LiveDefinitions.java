package dev.gantry.dsl;

import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.live.LivePod;
import dev.gantry.dsl.live.ScriptContainers;
import dev.gantry.dsl.live.ScriptEvents;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.error.ContainerException;
import dev.gantry.error.StateException;
import dev.gantry.files.RawPath;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.Stdio;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.text.Secrets;
import dev.gantry.value.Definition;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Containers of a program in Java or Groovy that can be driven as those of a script. They are deleted when this is
 * closed, and {@link Gantry#sweep} deletes them if the process is killed before.
 *
 * <p>What containers print is kept for {@code getLogs()} and shown nowhere. Not thread-safe, but for {@link #close}.
 */
public final class LiveDefinitions implements AutoCloseable {
    private final Supplier<Gantry> gantry;
    private final UnaryOperator<String> ids;
    private final ScriptContainers containers = new ScriptContainers();
    private final Map<String, LiveContainer> defined = Collections.synchronizedMap(new LinkedHashMap<>());
    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    private final Secrets secrets = new Secrets();
    private Map<String, LivePod> pods = Map.of();
    private volatile boolean closed;

    /**
     * Creates an empty list.
     *
     * @param gantry asked when the first container is made; stays the caller's
     * @param ids returns the id that a container has on this machine, given that of its definition
     */
    public LiveDefinitions(Supplier<Gantry> gantry, UnaryOperator<String> ids) {
        this.gantry = gantry;
        this.ids = ids;
    }

    /**
     * Defines a container; it is made when it is started.
     *
     * @param file name of the source file in which the body is written, for messages
     * @param dir against which relative paths count
     * @throws ScriptMistakes with everything that is wrong with the definition
     */
    public LiveContainer container(String id, String file, Path dir, Consumer<? super ContainerDsl> body) {
        Path base = dir.toAbsolutePath().normalize();
        return new Part(new ScriptSource(file, base, "")).definitions().container(id, body);
    }

    /**
     * Runs a script; what it defines is in {@link #containers()} and {@link #pods()} then. Blocks.
     *
     * @throws ScriptMistakes if the script or one of its definitions is wrong
     * @throws ScriptFailure if it failed
     * @throws ContainerException if the file cannot be read
     */
    public void run(Path file) {
        Part part = new Part(ScriptSource.read(file));
        try {
            part.runAsPart();
        } catch (ScriptExit exit) {
            if (exit.status() != 0) {
                throw new StateException("run `%s`: it said `exit %d`".formatted(RawPath.text(file), exit.status()));
            }
        }
        pods = part.definitions().pods();
    }

    /** Returns the containers by the id of their definition, in that order. */
    public Map<String, LiveContainer> containers() {
        return defined;
    }

    /** Returns the pods of the script that was run last, by id. */
    public Map<String, LivePod> pods() {
        return pods;
    }

    /** Returns a text about the containers without what their definitions have called {@code secret}. */
    public String masked(String text) {
        return secrets.masked(text);
    }

    /** Deletes all containers, the last one first. */
    @Override
    public void close() {
        containers.close();
        closed = true;
    }

    /** Returns whether all containers are deleted and no other can be made. */
    public boolean isClosed() {
        return closed;
    }

    /** A text whose containers have other ids on this machine than in the text. */
    private final class Part extends ScriptSession {
        Part(ScriptSource source) {
            this(source, context(), defined, Set.of());
        }

        private Part(ScriptSource source, ScriptContext context, Map<String, LiveContainer> found, Set<String> around) {
            super(source, context, found, around);
        }

        @Override
        ScriptSession part(
                ScriptSource other, ScriptContext shared, Map<String, LiveContainer> found, Set<String> around) {
            return new Part(other, shared, found, around);
        }

        @Override
        public Container make(String id, Definition definition, boolean start, Stdio stdio, ContainerOutput output) {
            return super.make(ids.apply(id), definition, start, stdio, output);
        }
    }

    private ScriptContext context() {
        return ScriptContext.ofRun(
                gantry,
                containers,
                List.of(),
                ScriptParams.NONE,
                nowhere,
                nowhere,
                secrets,
                ScriptEvents.NONE,
                Debugging.NONE);
    }
}
