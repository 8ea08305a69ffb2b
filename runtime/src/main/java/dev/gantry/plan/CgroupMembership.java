package dev.gantry.plan;

import dev.gantry.oci.NamespaceType;
import java.util.List;
import java.util.Optional;

/** A cgroup that a process is to be in. */
record CgroupMembership(String dir, boolean unified) {
    private static final String PATH = "linux.cgroupsPath";

    /**
     * Cgroup v1 is joined by stage one; so is v2 if the process will be in a user namespace, from where it could not.
     * Otherwise v2 is joined by being born in it, which costs nothing.
     */
    static void join(Steps steps, List<CgroupMembership> memberships, NamespacePlan namespaces) {
        memberships.stream()
                .filter(membership -> !membership.byBirth(namespaces))
                .forEach(m -> steps.add(PATH, new ProcessStep.JoinCgroup(m.dir, m.unified)));
    }

    /** Returns the cgroup v2 in which the process is born, if it is. */
    static Optional<String> ofBirth(List<CgroupMembership> memberships, NamespacePlan namespaces) {
        return memberships.stream()
                .filter(membership -> membership.byBirth(namespaces))
                .map(CgroupMembership::dir)
                .findFirst();
    }

    private boolean byBirth(NamespacePlan namespaces) {
        return unified && !namespaces.has(NamespaceType.USER);
    }
}
