package dev.gantry.plan;

import static dev.gantry.oci.NamespaceType.CGROUP;
import static dev.gantry.oci.NamespaceType.NETWORK;
import static dev.gantry.oci.NamespaceType.TIME;
import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.Linux;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.TimeOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans in which namespaces the process will be. */
final class NamespacePlan {
    private final Linux linux;
    private final Set<NamespaceType> created = EnumSet.noneOf(NamespaceType.class);

    NamespacePlan(Linux linux) {
        this.linux = linux;
        linux.namespaces().stream()
                .filter(namespace ->
                        namespace.path() == null || namespace.path().isEmpty())
                .forEach(namespace -> created.add(namespace.type()));
    }

    boolean has(NamespaceType type) {
        return linux.namespace(type).isPresent();
    }

    boolean creates(NamespaceType type) {
        return created.contains(type);
    }

    /**
     * Stage one: the user namespace first of the new ones, since it owns the others; joined ones before it where the
     * caller's privileges are needed to join them.
     */
    void enter(Steps steps, Optional<String> cgroup) {
        List<Namespace> namespaces = linux.namespaces();
        if (created.size() < namespaces.size()) {
            steps.add(Steps.DEFAULT, new ProcessStep.Undumpable());
        }
        joinAll(steps, false);
        joinAll(steps, true);
        if (created.contains(USER)) {
            String origin = origin(USER);
            steps.add(origin, new ProcessStep.Unshare(USER))
                    .add("linux.uidMappings", new RuntimeStep.WriteIdMaps(linux.uidMappings(), linux.gidMappings()));
            steps.add(Steps.DEFAULT, new ProcessStep.Undumpable());
        }
        if (has(USER)) {
            steps.add(origin(USER), new ProcessStep.BecomeRoot(true));
        }
        if (created.contains(TIME)) {
            steps.add(origin(TIME), new ProcessStep.Unshare(TIME));
            if (linux.timeOffsets() != null) {
                steps.add("linux.timeOffsets", new ProcessStep.TimeOffsets(offsets()));
            }
        }
        EnumSet<NamespaceType> cloned = EnumSet.copyOf(EnumSet.complementOf(EnumSet.of(USER, TIME, CGROUP)));
        cloned.retainAll(created);
        steps.add("linux.namespaces", new ProcessStep.Clone(cloned, cgroup));
    }

    /** Stage two: what depends on being in the cgroup and in the network namespace already. */
    void finish(Steps steps) {
        if (created.contains(CGROUP)) {
            steps.add(origin(CGROUP), new ProcessStep.Unshare(CGROUP));
        }
        if (created.contains(NETWORK)) {
            steps.add(origin(NETWORK), new ProcessStep.LoopbackUp());
        }
        linux.sysctl().forEach((key, value) -> steps.add("linux.sysctl." + key, new ProcessStep.Sysctl(key, value)));
    }

    private void joinAll(Steps steps, boolean user) {
        for (int i = 0; i < linux.namespaces().size(); i++) {
            Namespace namespace = linux.namespaces().get(i);
            boolean joined = !created.contains(namespace.type());
            if (joined && (namespace.type() == USER) == user) {
                steps.add("linux.namespaces[%d]".formatted(i), join(namespace));
            }
        }
    }

    private static ProcessStep join(Namespace namespace) {
        return new ProcessStep.JoinNamespace(namespace.type(), namespace.path());
    }

    private String origin(NamespaceType type) {
        for (int i = 0; i < linux.namespaces().size(); i++) {
            if (linux.namespaces().get(i).type() == type) {
                return "linux.namespaces[%d]".formatted(i);
            }
        }
        return Steps.DEFAULT;
    }

    private String offsets() {
        return line("monotonic", linux.timeOffsets().monotonic())
                + line("boottime", linux.timeOffsets().boottime());
    }

    private static String line(String clock, TimeOffset offset) {
        if (offset == null) {
            return "";
        }
        return "%s %d %d\n"
                .formatted(
                        clock,
                        offset.secs() == null ? 0 : offset.secs(),
                        offset.nanosecs() == null ? 0 : offset.nanosecs());
    }
}
