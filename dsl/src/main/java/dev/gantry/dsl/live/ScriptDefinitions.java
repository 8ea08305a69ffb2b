package dev.gantry.dsl.live;

import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.block.DefinitionBuilder;
import dev.gantry.dsl.block.Recorder;
import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.ContainerException;
import dev.gantry.error.StateException;
import dev.gantry.value.Definition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What one script defines: its containers, and what is wrong with their definitions. */
public final class ScriptDefinitions {
    private final ScriptRun script;
    private final boolean isRead;
    private final Map<String, LiveContainer> defined;
    private final Map<String, LivePod> pods = new LinkedHashMap<>();
    private final List<ScriptMistakes> wrong = new ArrayList<>();

    /**
     * Creates an empty list, or one that adds to what others have defined.
     *
     * @param isRead whether the script is read for its definitions only: then all their mistakes are collected
     * @param defined receives the containers by id, in the order of their definition; shared with the caller
     */
    public ScriptDefinitions(ScriptRun script, boolean isRead, Map<String, LiveContainer> defined) {
        this.script = script;
        this.isRead = isRead;
        this.defined = defined;
    }

    /**
     * Defines a container.
     *
     * @throws ScriptMistakes with everything that is wrong with the definition
     */
    public LiveContainer container(String id, Consumer<? super ContainerDsl> body) {
        return container(id, null, body);
    }

    /** Defines a container; one of a pod, unless that is null. */
    LiveContainer container(String id, LivePod pod, Consumer<? super ContainerDsl> body) {
        DefinitionBuilder builder = new DefinitionBuilder(String.valueOf(id), script.source(), script.out());
        if (id == null) {
            builder.mistake(Span.of("container"), Wording.call(CtrScript.class, "container", List.of()));
        } else {
            builder.checkId();
        }
        if (pod != null) {
            builder.join(pod.shared());
        }
        Definition definition = builder.build(body);
        builder.mistakes().ifPresent(this::wrong);
        LiveContainer container = new LiveContainer(ContainerLife.of(script, id, definition, pod));
        if (pod != null) {
            pod.add(container);
        }
        synchronized (defined) {
            requireNone(id, defined.get(id));
            defined.put(id, container);
        }
        return container;
    }

    /**
     * Defines a pod with what its block defines.
     *
     * @throws ScriptMistakes with everything that is wrong with the definitions
     */
    public LivePod pod(String id, Consumer<? super PodDsl> body) {
        LivePod pod = new LivePod(id, container(id, block -> block.rootfs(block.empty())));
        Recorder recorder = new Recorder(script.source(), script.out());
        body.accept(new PodDsl(recorder, this, pod));
        recorder.failure(null).ifPresent(this::wrong);
        pods.put(id, pod);
        return pod;
    }

    /** Returns the pods that were defined so far, by id, in that order. */
    public Map<String, LivePod> pods() {
        return pods;
    }

    private void wrong(ScriptMistakes mistakes) {
        if (!isRead) {
            throw mistakes;
        }
        wrong.add(mistakes); // the mistakes of the other definitions are wanted too
    }

    /** Returns what was defined, by id; not to be changed. */
    Map<String, LiveContainer> containers() {
        return Collections.unmodifiableMap(defined);
    }

    /** With a new definition of the name nobody could reach the container any more. */
    private void requireNone(String id, LiveContainer earlier) {
        if (!isRead && earlier != null && earlier.made() != null) {
            throw new StateException(
                    "container `%s`: there is one already".formatted(id), "delete it before you define it again");
        }
    }

    /** Takes over what a part of the script has defined. */
    public void addAll(ScriptDefinitions part) {
        wrong.addAll(part.wrong);
        pods.putAll(part.pods);
        synchronized (defined) {
            defined.putAll(part.defined);
        }
    }

    /**
     * Returns what was defined so far, in that order.
     *
     * @throws ScriptMistakes with everything that is wrong with the definitions
     */
    public Map<String, Definition> all() {
        if (!wrong.isEmpty()) {
            List<Mistake> all = new ArrayList<>();
            wrong.forEach(one -> all.addAll(one.mistakes()));
            throw new ScriptMistakes(all, null);
        }
        return of(defined);
    }

    /** Returns the definitions of containers, by id; the caller keeps other threads from adding to them. */
    public static Map<String, Definition> of(Map<String, LiveContainer> containers) {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        containers.forEach((id, container) -> definitions.put(id, container.definition()));
        return definitions;
    }

    /**
     * Returns all that is wrong with a script, each mistake once, in the order of the lines.
     *
     * @param others what is wrong outside of definitions
     * @param failure what ended the script; null if nothing did
     */
    public List<Mistake> mistakes(List<Mistake> others, ContainerException failure) {
        List<Mistake> all = new ArrayList<>(others);
        wrong.forEach(one -> all.addAll(one.mistakes()));
        if (failure instanceof ScriptMistakes last) {
            all.addAll(last.mistakes());
        }
        Set<List<Object>> seen = new HashSet<>();
        all.removeIf(mistake -> !seen.add(List.of(mistake.place(), mistake.text())));
        all.sort(Comparator.comparing((Mistake mistake) -> mistake.place().file())
                .thenComparingInt(mistake -> mistake.place().line())
                .thenComparingInt(Mistake::column));
        return all;
    }
}
