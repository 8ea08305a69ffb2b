package dev.gantry.plan;

import static dev.gantry.oci.NamespaceType.CGROUP;
import static dev.gantry.oci.NamespaceType.MOUNT;
import static dev.gantry.oci.NamespaceType.NETWORK;
import static dev.gantry.oci.NamespaceType.TIME;
import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.Linux;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.TimeOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans in which namespaces the process will be. */
final class NamespacePlan {
    private final Linux linux;
    private final Host host;
    private final IdMapPlan ids;
    private final Set<NamespaceType> created = EnumSet.noneOf(NamespaceType.class);

    NamespacePlan(Linux linux, Host host) {
        this.linux = linux;
        this.host = host;
        this.ids = new IdMapPlan(linux, host);
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

    boolean joins(NamespaceType type) {
        return has(type) && !creates(type);
    }

    /** Returns the host path of the namespace of that type that is joined. */
    Optional<String> joinedPath(NamespaceType type) {
        return joins(type) ? linux.namespace(type).map(Namespace::path) : Optional.empty();
    }

    /** Answers whether the process may set additional groups. */
    boolean setsGroups() {
        return !creates(USER) || ids.setsGroups();
    }

    /** Stage one: the user namespace first of the new ones, since it owns the others. */
    void enter(Steps steps, Optional<String> cgroup) {
        join(steps);
        if (created.contains(USER)) {
            steps.add(origin(USER), new NamespaceStep.Unshare(USER));
            ids.write(steps);
            if (host.isRoot()) {
                steps.add(Steps.DEFAULT, new NamespaceStep.Undumpable());
            }
        }
        if (has(USER)) {
            becomeRoot(steps, origin(USER));
        }
        if (created.contains(TIME)) {
            steps.add(origin(TIME), new NamespaceStep.Unshare(TIME));
            offsetClocks(steps);
        }
        EnumSet<NamespaceType> cloned = EnumSet.copyOf(EnumSet.complementOf(EnumSet.of(USER, TIME, CGROUP)));
        cloned.retainAll(created);
        steps.add("linux.namespaces", new NamespaceStep.Clone(cloned, cgroup));
    }

    /** The same for a process that is added, by a pidfd of the container's first one. */
    void enterContainer(Steps steps) {
        Set<NamespaceType> all = EnumSet.noneOf(NamespaceType.class);
        linux.namespaces().forEach(namespace -> all.add(namespace.type()));
        Set<NamespaceType> first = EnumSet.noneOf(NamespaceType.class);
        all.stream().filter(this::isJoinedByRights).forEach(first::add);
        steps.add(Steps.DEFAULT, new NamespaceStep.Undumpable());
        if (has(USER) && !first.isEmpty()) {
            steps.add("linux.namespaces", new NamespaceStep.JoinContainer(first));
            all.removeAll(first);
        }
        steps.add("linux.namespaces", new NamespaceStep.JoinContainer(all));
        if (has(USER)) {
            becomeRoot(steps, "linux.namespaces");
        }
    }

    /**
     * Lets a user other than root, who has no rights over a process that is not dumpable, add processes to the container
     * before its first one has become its program.
     */
    void openToAdditions(Steps steps) {
        if (!host.isRoot() && has(USER)) {
            steps.add(Steps.DEFAULT, new NamespaceStep.Dumpable());
        }
    }

    /** Stage two: what depends on being in the cgroup and in the network namespace already. */
    void finish(Steps steps) {
        if (created.contains(CGROUP)) {
            steps.add(origin(CGROUP), new NamespaceStep.Unshare(CGROUP));
        }
        if (created.contains(NETWORK)) {
            steps.add(origin(NETWORK), new ProcessStep.LoopbackUp());
        }
        linux.sysctl().forEach((key, value) -> steps.add("linux.sysctl." + key, new ProcessStep.Sysctl(key, value)));
    }

    /**
     * A namespace need not belong to the user namespace that is joined along with it. Root therefore joins all others
     * first, with the rights it has on the host; anybody else gains the rights by joining the user namespace. The mount
     * namespace is the last of its kind, so that the root directory stays the host's as long as can be.
     */
    private void join(Steps steps) {
        List<Namespace> joined = new ArrayList<>(linux.namespaces().stream()
                .filter(namespace -> !created.contains(namespace.type()))
                .sorted(Comparator.comparing((Namespace n) -> !isJoinedByRights(n.type()))
                        .thenComparing(n -> n.type() != USER)
                        .thenComparing(n -> n.type() == MOUNT))
                .toList());
        if (joined.isEmpty()) {
            return;
        }
        steps.add(Steps.DEFAULT, new NamespaceStep.Undumpable());
        for (int i = 0; i < joined.size(); i++) {
            Namespace namespace = joined.get(i);
            steps.add(origin(namespace.type()), new NamespaceStep.OpenNamespace(i, namespace.type(), namespace.path()));
        }
        for (int i = 0; i < joined.size(); i++) {
            Namespace namespace = joined.get(i);
            steps.add(origin(namespace.type()), new NamespaceStep.JoinNamespace(i, namespace.type(), namespace.path()));
        }
    }

    private boolean isJoinedByRights(NamespaceType type) {
        return host.isRoot() && type != USER && joins(type);
    }

    private void becomeRoot(Steps steps, String origin) {
        steps.add(origin, new PrivilegeStep.BecomeRoot(ids.firstUser(), ids.firstGroup(), setsGroups()));
    }

    private void offsetClocks(Steps steps) {
        if (linux.timeOffsets() == null || offsets().isEmpty()) {
            return;
        }
        if (has(USER)) {
            steps.add("linux.timeOffsets", new NamespaceStep.Dumpable());
        }
        steps.add("linux.timeOffsets", new NamespaceStep.TimeOffsets(offsets()));
        if (has(USER)) {
            steps.add("linux.timeOffsets", new NamespaceStep.Undumpable());
        }
    }

    private String origin(NamespaceType type) {
        for (int i = 0; i < linux.namespaces().size(); i++) {
            if (linux.namespaces().get(i).type() == type) {
                return "linux.namespaces[" + i + "]";
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
