package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Bodies;
import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.block.DslSupport;
import dev.gantry.dsl.block.Recorder;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.oci.NamespaceType;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The block {@code pod('id') { }}: containers that share namespaces, which outlive each of them. */
@Block("pod")
public final class PodDsl extends DslSupport {
    private static final Map<String, NamespaceType> SHAREABLE = new TreeMap<>(Map.of(
            "network", NamespaceType.NETWORK,
            "ipc", NamespaceType.IPC,
            "uts", NamespaceType.UTS,
            "pid", NamespaceType.PID));
    private static final Set<NamespaceType> USUALLY =
            Set.of(NamespaceType.NETWORK, NamespaceType.IPC, NamespaceType.UTS);

    private final ScriptDefinitions definitions;
    private final LivePod pod;

    PodDsl(Recorder recorder, ScriptDefinitions definitions, LivePod pod) {
        super(recorder);
        this.definitions = definitions;
        this.pod = pod;
        pod.share(USUALLY);
    }

    /**
     * Says which namespaces the containers that follow share: of {@code network}, {@code ipc}, {@code uts} and
     * {@code pid}.
     */
    @Keyword(value = "Says which namespaces are shared; network, ipc and uts usually.", example = "share 'network'")
    public void share(String... names) {
        if (!takesOnce("share", (Object[]) names)) {
            return;
        }
        Set<NamespaceType> types = new LinkedHashSet<>();
        for (String name : names) {
            if (SHAREABLE.containsKey(name)) {
                types.add(SHAREABLE.get(name));
            } else {
                String known = String.join(", ", SHAREABLE.keySet());
                wrong("share", name, "knows %s, not `%s`".formatted(known, name));
            }
        }
        pod.share(types);
    }

    @Keyword(
            value = "Defines a container of the pod.",
            example = "container('server') { process { args 'sleep', '1' } }")
    public LiveContainer container(
            String id,
            @DelegatesTo(value = ContainerDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> definition) {
        return definitions.container(id, pod, block -> Bodies.configure(block, definition));
    }

    /** Does the same for callers in Java. */
    public LiveContainer container(String id, Consumer<? super ContainerDsl> definition) {
        return definitions.container(id, pod, definition);
    }
}
