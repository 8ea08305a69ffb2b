package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.CGROUP;
import static dev.gantry.oci.NamespaceType.MOUNT;
import static dev.gantry.oci.NamespaceType.NETWORK;
import static dev.gantry.oci.NamespaceType.TIME;
import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.Device;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.TimeOffset;
import dev.gantry.plan.Host;
import dev.gantry.plan.NamespaceStep;
import dev.gantry.plan.PrivilegeStep;
import dev.gantry.plan.ProcessStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Plans in which namespaces the process will be. */
final class NamespacePlan {
    private final Linux linux;
    private final Host host;
    private final IdMapPlan ids;
    private final boolean keepsGroups;
    private final Set<NamespaceType> created = EnumSet.noneOf(NamespaceType.class);

    NamespacePlan(OciConfig config, Host host) {
        this.linux = config.linux() == null ? Linux.builder().build() : config.linux();
        this.host = host;
        this.keepsGroups = CrunAnnotations.keepsGroups(config);
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

    /** Returns a device with the owner on the host that its owner in the new user namespace is. */
    Device onHost(Device device) {
        return new Device(
                device.type(),
                device.path(),
                device.major(),
                device.minor(),
                device.fileMode(),
                ids.hostUser(device.uid()),
                ids.hostGroup(device.gid()));
    }

    /** Returns whether the process sets additional groups: it may, and is not to keep those of the caller. */
    boolean setsGroups() {
        return !keepsGroups && (!creates(USER) || ids.setsGroups());
    }

    /**
     * First of all: no process of a namespace that is joined, and none that comes to be inside while this one waits or
     * idles, can look at it. A runtime that is not root needs a dumpable process for its id maps, and hides it later.
     */
    void hide(Steps steps) {
        if (host.isRoot()) {
            steps.add(Steps.DEFAULT, new NamespaceStep.Undumpable());
        }
    }

    /**
     * Stage one: the user namespace first of the new ones, since it owns the others.
     *
     * @param asHostRoot plans what root of the host does in the namespaces that are joined before the user namespace
     */
    void enter(Steps steps, Consumer<Steps> asHostRoot) {
        join(steps, asHostRoot);
        if (created.contains(USER)) {
            steps.add(origin(USER), new NamespaceStep.Unshare(USER));
            ids.write(steps);
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
        steps.add("linux.namespaces", new NamespaceStep.Clone(cloned));
    }

    /** The same for a process that is added, by a pidfd of the container's first one. */
    void enterContainer(Steps steps) {
        Set<NamespaceType> all = EnumSet.noneOf(NamespaceType.class);
        linux.namespaces().forEach(namespace -> all.add(namespace.type()));
        Set<NamespaceType> first = EnumSet.noneOf(NamespaceType.class);
        all.stream().filter(this::isJoinedByRights).forEach(first::add);
        hideFromJoined(steps);
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
     * Lets a user other than root, who has no rights over a process that is not dumpable, add processes to the
     * container before its first one has become its program.
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
    private void join(Steps steps, Consumer<Steps> asHostRoot) {
        List<Namespace> joined = new ArrayList<>(linux.namespaces().stream()
                .filter(namespace -> !created.contains(namespace.type()))
                .sorted(Comparator.comparing((Namespace n) -> !isJoinedByRights(n.type()))
                        .thenComparing(n -> n.type() != USER)
                        .thenComparing(n -> n.type() == MOUNT))
                .toList());
        if (!joined.isEmpty()) {
            hideFromJoined(steps);
        }
        for (int i = 0; i < joined.size(); i++) {
            Namespace namespace = joined.get(i);
            steps.add(origin(namespace.type()), new NamespaceStep.OpenNamespace(i, namespace.type(), namespace.path()));
        }
        int byRights = (int) joined.stream()
                .filter(namespace -> isJoinedByRights(namespace.type()))
                .count();
        join(steps, joined, 0, byRights);
        asHostRoot.accept(steps);
        join(steps, joined, byRights, joined.size());
    }

    private void join(Steps steps, List<Namespace> joined, int from, int to) {
        for (int i = from; i < to; i++) {
            Namespace namespace = joined.get(i);
            steps.add(origin(namespace.type()), new NamespaceStep.JoinNamespace(i, namespace.type(), namespace.path()));
        }
    }

    private void hideFromJoined(Steps steps) {
        if (!host.isRoot()) {
            steps.add(Steps.DEFAULT, new NamespaceStep.Undumpable());
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
