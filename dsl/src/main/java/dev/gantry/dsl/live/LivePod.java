package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Called;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.value.Definition;
import groovy.lang.GString;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod in the hands of a script. Its namespaces are those of a container of its own, which has the pod's id, idles on
 * an empty root, and is made before the first of the others. Not thread-safe.
 */
@Called(value = "a pod", type = "Pod")
public final class LivePod {
    private static final String PATHS = "/run/gantry/pods/";

    private final String id;
    private final LiveContainer keeper;
    private final Map<String, LiveContainer> members = new LinkedHashMap<>();
    private Set<NamespaceType> shared = Set.of();

    LivePod(String id, LiveContainer keeper) {
        this.id = id;
        this.keeper = keeper;
    }

    /** Returns whether a namespace is one that a script makes for a pod, so that there is none at its path. */
    public static boolean makes(Namespace namespace) {
        return namespace.path() != null && namespace.path().startsWith(PATHS);
    }

    void share(Set<NamespaceType> types) {
        shared = types;
    }

    /** Returns what is shared by names that stand for the pod's namespaces until it runs. */
    Map<NamespaceType, String> shared() {
        Map<NamespaceType, String> paths = new EnumMap<>(NamespaceType.class);
        shared.forEach(type -> paths.put(type, PATHS + id + "/" + type.procName()));
        return paths;
    }

    void add(LiveContainer member) {
        members.put(member.getId(), member);
    }

    /** Returns a definition that joins the namespaces that are there now; makes them if need be. */
    Definition resolved(Definition definition) {
        if (keeper.getStatus().equals("defined")) {
            keeper.start();
        }
        List<Namespace> namespaces = new ArrayList<>();
        for (Namespace one : definition.config().linux().namespaces()) {
            boolean ours = one.path() != null && one.path().startsWith(PATHS + id + "/");
            String file = "/proc/%d/ns/%s".formatted(keeper.getPid(), one.type().procName());
            namespaces.add(ours ? new Namespace(one.type(), file) : one);
        }
        OciConfig config = definition.config();
        return definition.with(config.toBuilder()
                .linux(config.linux().toBuilder().namespaces(namespaces).build())
                .build());
    }

    /** Returns the name that the script has given the pod. */
    public String getId() {
        return id;
    }

    /** Returns a container of the pod: {@code web['server']}; null if there is none of that id. */
    public LiveContainer getAt(String member) {
        return members.get(member);
    }

    /** Does the same for a text with values in it. */
    public LiveContainer getAt(GString member) {
        return getAt(member.toString());
    }

    /** Returns the containers of the pod, in the order of their definition. */
    public List<LiveContainer> getContainers() {
        return List.copyOf(members.values());
    }

    /** Starts all containers, in the order of their definition. */
    @Keyword(value = "Starts all containers of the pod.", example = "web.start()")
    public LivePod start() {
        keeper.start();
        members.values().forEach(LiveContainer::start);
        return this;
    }

    /** Deletes all containers, the last one first, and the namespaces. */
    @Keyword(value = "Deletes all containers of the pod.", example = "web.delete()")
    public void delete() {
        List<LiveContainer> all = new ArrayList<>(List.of(keeper));
        all.addAll(members.values());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!all.get(i).getStatus().equals("defined")) {
                all.get(i).delete(Map.of("force", true));
            }
        }
    }

    @Override
    public String toString() {
        return "pod `%s`".formatted(id);
    }
}
