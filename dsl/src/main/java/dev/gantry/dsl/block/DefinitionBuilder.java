package dev.gantry.dsl.block;

import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.error.ContainerException;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Resources;
import dev.gantry.value.ContainerId;
import dev.gantry.value.Definition;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes one definition of what a script's block says. Not thread-safe; for one definition only. */
public final class DefinitionBuilder {
    private final String id;
    private final ScriptSource source;
    private final Recorder recorder;
    private final ContainerDsl block;

    /**
     * Begins a definition at the line of the script that is being executed.
     *
     * @param id of the container
     * @param out where the block prints
     */
    public DefinitionBuilder(String id, ScriptSource source, PrintStream out) {
        this.id = id;
        this.source = source;
        this.recorder = new Recorder(source, out);
        this.block = new ContainerDsl(id, recorder);
    }

    /** Records that something is wrong in the line being executed; the text names the block. */
    public void mistake(Span span, String text) {
        recorder.mistake(recorder.here(), span, text);
    }

    /** Records that no container can have the id, if none can. */
    public void checkId() {
        try {
            ContainerId.check(id);
        } catch (ContainerException e) {
            mistake(Span.of("container"), "container: " + e.line());
        }
    }

    /** Lets the container join namespaces by their paths, unless its block says otherwise. */
    public void join(Map<NamespaceType, String> shared) {
        block.join(shared);
    }

    /**
     * Runs the block and returns the definition, which is incomplete where {@link #mistakes} has any.
     *
     * @throws ScriptMistakes if the block throws after something was wrong; what it throws is passed on otherwise
     */
    public Definition build(Consumer<? super ContainerDsl> body) {
        OciConfig config;
        int unknowns = unknowns();
        try {
            body.accept(block);
            if (Rehearsal.isUncertain() || unknowns() > unknowns) {
                recorder.incomplete();
            }
            config = block.build();
        } catch (RuntimeException e) { // what went wrong first is in the recorder, if anything is
            throw recorder.failure(e)
                    .<RuntimeException>map(mistakes -> mistakes)
                    .orElse(e);
        }
        return block.attachTo(new Definition(config, recorder.sources(), source.dir()));
    }

    private static int unknowns() {
        return Rehearsal.current().map(Rehearsal::unknowns).orElse(0);
    }

    /** Returns everything that was wrong so far; empty if nothing was. */
    public Optional<ScriptMistakes> mistakes() {
        return recorder.failure(null);
    }

    /**
     * Returns the limits that a block says on its own, outside of a definition.
     *
     * @throws ScriptMistakes with everything that is wrong in it
     */
    public static Resources limits(ScriptSource source, PrintStream out, Consumer<? super ResourcesDsl> body) {
        Recorder recorder = new Recorder(source, out);
        ResourcesDsl block = new ResourcesDsl(recorder, Resources.builder().build());
        body.accept(block);
        Resources built = block.build();
        recorder.failure(null).ifPresent(mistakes -> {
            throw mistakes;
        });
        return built;
    }
}
