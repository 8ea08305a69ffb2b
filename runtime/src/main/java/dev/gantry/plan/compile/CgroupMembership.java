package dev.gantry.plan.compile;

import dev.gantry.oci.NamespaceType;
import dev.gantry.plan.ProcessStep;
import java.util.List;

/** A cgroup that a process is to be in. */
record CgroupMembership(String dir, boolean unified) {
    private static final String PATH = "linux.cgroupsPath";

    /**
     * Cgroup v1 is joined by stage one; so is v2 if the process will be in a user namespace, from where it could not.
     * Otherwise v2 is joined by being born in it, which costs nothing.
     */
    static void join(Steps steps, List<CgroupMembership> memberships, NamespacePlan namespaces) {
        for (CgroupMembership m : memberships) {
            steps.add(
                    PATH,
                    m.byBirth(namespaces)
                            ? new ProcessStep.OpenCgroup(m.dir)
                            : new ProcessStep.JoinCgroup(m.dir, m.unified));
        }
    }

    private boolean byBirth(NamespacePlan namespaces) {
        return unified && !namespaces.has(NamespaceType.USER);
    }
}
