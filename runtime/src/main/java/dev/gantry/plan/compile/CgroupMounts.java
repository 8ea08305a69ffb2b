package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.CGROUP;

import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.Host;
import dev.gantry.plan.MountOptions;
import dev.gantry.plan.MountStep;
import dev.gantry.plan.NodeStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plans mounts of the type {@code cgroup}, whatever the host has. */
final class CgroupMounts {
    private final NamespacePlan namespaces;
    private final Host host;
    private final CgroupPlan cgroups;

    CgroupMounts(NamespacePlan namespaces, Host host, CgroupPlan cgroups) {
        this.namespaces = namespaces;
        this.host = host;
        this.cgroups = cgroups;
    }

    /**
     * Mounts what lies at /sys/fs/cgroup on the host: one file system for v2, a tmpfs with one directory a hierarchy
     * for v1.
     *
     * @param readonlyAtTheEnd takes a target that becomes read-only only once everything in it is in place
     */
    void add(Steps steps, String origin, String target, MountOptions parsed, Map<String, String> readonlyAtTheEnd) {
        if (host.isPurelyUnified()) {
            mount(steps, origin, host.cgroups().get(0), target, parsed);
            return;
        }
        MountOptions tmpfs = MountOptions.parse(List.of("nosuid", "noexec", "nodev", "mode=755"))
                .overriddenBy(parsed)
                .writable();
        steps.add(origin, MountStep.Mount.of("tmpfs", "tmpfs", target, tmpfs));
        for (CgroupHierarchy hierarchy : host.cgroups()) {
            mount(steps, origin, hierarchy, target + "/" + hierarchy.name(), parsed);
        }
        for (CgroupHierarchy hierarchy : host.cgroups()) {
            if (hierarchy.controllers().size() > 1 && !hierarchy.unified()) {
                hierarchy
                        .controllers()
                        .forEach(c -> steps.add(origin, new NodeStep.Symlink(hierarchy.name(), target + "/" + c)));
            }
        }
        if (parsed.isReadonly()) {
            readonlyAtTheEnd.put(target, origin);
        }
    }

    private void mount(Steps steps, String origin, CgroupHierarchy hierarchy, String target, MountOptions parsed) {
        List<String> flags = new ArrayList<>(List.of("nosuid", "noexec", "nodev"));
        if (!namespaces.creates(CGROUP)) {
            String own = cgroups.dir(hierarchy);
            String source = own == null ? hierarchy.mountPoint() : own;
            steps.add(
                    origin,
                    new MountStep.BindMount(
                            MountStep.BindMount.Source.ofHost(source),
                            target,
                            MountOptions.parse(flags).overriddenBy(parsed)));
            return;
        }
        if (!hierarchy.unified()) {
            for (String controller : hierarchy.controllers()) {
                if (controller.startsWith("name=")) {
                    flags.add("none");
                }
                flags.add(controller);
            }
        }
        String type = hierarchy.unified() ? "cgroup2" : "cgroup";
        steps.add(
                origin,
                MountStep.Mount.of(
                        type, "cgroup", target, MountOptions.parse(flags).overriddenBy(parsed)));
    }
}
