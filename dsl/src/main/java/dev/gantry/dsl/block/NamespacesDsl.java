package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.error.Place;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The block {@code namespaces { }}: each is {@code 'new'}, shared with the {@code 'host'}, or joined by its path, such
 * as {@code '/run/netns/blue'}. All but user and time are new if nothing is said.
 */
@Block("namespaces")
public final class NamespacesDsl extends DslSupport {
    private static final String NEW = "new";
    private static final String HOST = "host";
    private static final String NONE = "none";

    private final Map<NamespaceType, Namespace> namespaces = new LinkedHashMap<>(); // in the order of the baseline
    private final Map<NamespaceType, Place> places = new EnumMap<>(NamespaceType.class);
    private final UserNamespaceDsl userBlock;

    NamespacesDsl(Recorder recorder, List<Namespace> baseline) {
        super(recorder);
        this.userBlock = new UserNamespaceDsl(recorder);
        baseline.forEach(namespace -> namespaces.put(namespace.type(), namespace));
    }

    /** Sets the network namespace; {@code 'none'} is a new one, which has nothing but a loopback device. */
    @Keyword(
            value = "Sets the network: 'none', 'host' or the path of a namespace.",
            example = "network 'host'",
            byDefault = "a network of its own, with the loopback only")
    public void network(String choice) {
        choose(NamespaceType.NETWORK, NONE.equals(choice) ? NEW : choice); // a new one has a loopback only
    }

    @Keyword(value = "Sets the pid namespace: 'new', 'host' or a path.", example = "pid 'host'")
    public void pid(String choice) {
        choose(NamespaceType.PID, choice);
    }

    @Keyword(value = "Sets the IPC namespace: 'new', 'host' or a path.", example = "ipc 'host'")
    public void ipc(String choice) {
        choose(NamespaceType.IPC, choice);
    }

    @Keyword(value = "Sets the namespace of hostname and domain: 'new', 'host' or a path.", example = "uts 'host'")
    public void uts(String choice) {
        choose(NamespaceType.UTS, choice);
    }

    @Keyword(value = "Sets the cgroup namespace: 'new', 'host' or a path.", example = "cgroup 'host'")
    public void cgroup(String choice) {
        choose(NamespaceType.CGROUP, choice);
    }

    @Keyword(value = "Sets the time namespace: 'new', 'host' or a path.", example = "time 'new'")
    public void time(String choice) {
        choose(NamespaceType.TIME, choice);
    }

    /** Makes a user namespace with id mappings. */
    @Keyword(
            value = "Makes a user namespace, or sets 'host' or a path.",
            example = "user { uidMapping containerID: 0, hostID: 100000, size: 65536 }")
    public void user(@DelegatesTo(value = UserNamespaceDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        choose(NamespaceType.USER, NEW);
        Bodies.configure(userBlock, body);
    }

    /** Does the same for callers in Java. */
    public void user(Consumer<? super UserNamespaceDsl> body) {
        choose(NamespaceType.USER, NEW);
        body.accept(userBlock);
    }

    /** Shares the host's user namespace or joins another. */
    public void user(String choice) {
        if (NEW.equals(choice)) {
            mistake(
                    Span.of("user", choice),
                    "namespaces: a new user namespace needs id mappings; hint: write `user { }`");
        } else {
            choose(NamespaceType.USER, choice);
        }
    }

    /** Joins a namespace that a pod shares, unless the definition says otherwise. */
    void join(NamespaceType type, String path) {
        namespaces.put(type, new Namespace(type, path));
    }

    private void choose(NamespaceType type, String choice) {
        if (!takesOnce(type.ociName(), choice)) {
            return;
        }
        if (choice.equals(HOST)) {
            namespaces.remove(type);
        } else if (choice.equals(NEW) || choice.startsWith("/")) {
            namespaces.put(type, new Namespace(type, choice.equals(NEW) ? null : choice));
            places.put(type, recorder().here());
        } else {
            String words = type == NamespaceType.NETWORK ? "'none', 'host'" : "'new', 'host'";
            wrong(type.ociName(), choice, "must be %s or an absolute path, not `%s`".formatted(words, choice));
        }
    }

    /** Returns whether the container has a hostname of its own; one that it joins belongs to others. */
    boolean ownsHostname() {
        Namespace uts = namespaces.get(NamespaceType.UTS);
        return uts != null && uts.path() == null;
    }

    /** Returns whether the container has the machine's hostname. */
    boolean sharesHostname() {
        return !namespaces.containsKey(NamespaceType.UTS);
    }

    void build(Linux.Builder linux) {
        List<Namespace> built = new ArrayList<>(namespaces.values());
        for (int i = 0; i < built.size(); i++) {
            Place place = places.get(built.get(i).type());
            if (place != null) {
                recorder().place("linux.namespaces[%d]".formatted(i), place);
            }
        }
        linux.namespaces(built);
        userBlock.build(linux);
    }
}
