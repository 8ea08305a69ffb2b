package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.plan.CgroupDriver;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Host;
import dev.gantry.plan.SecurityModule;
import java.util.List;

/**
 * Names what a config asks for and this version of Gantry does not do: an error each, since a container that runs
 * without a part of its confinement is worse than one that does not run.
 */
final class Unsupported {
    private final Problems problems;

    private Unsupported(Problems problems) {
        this.problems = problems;
    }

    static void report(OciConfig config, Host host, Problems problems) {
        Unsupported check = new Unsupported(problems);
        if (config.process() != null) {
            report(config.process(), host, problems);
        }
        check.refuse("vm", config.vm());
        String rootfs = config.annotations().get(GantryAnnotations.ROOTFS);
        if (rootfs != null) {
            check.rootfs(rootfs, config, host);
        }
        if (config.linux() != null) {
            check.linux(config.linux(), host);
            check.hooks(config);
            if (rootfs != null && config.linux().namespace(NamespaceType.USER).isPresent()) {
                check.ownerIsMapped("linux.uidMappings", config.linux().uidMappings(), host.uid());
                check.ownerIsMapped("linux.gidMappings", config.linux().gidMappings(), host.gid());
            }
        }
    }

    private void rootfs(String kind, OciConfig config, Host host) {
        if (!List.of(GantryAnnotations.HOST, GantryAnnotations.EMPTY, GantryAnnotations.IMAGE)
                .contains(kind)) {
            problems.error(
                    "annotations", "`%s` must be `host`, `empty` or `image`".formatted(GantryAnnotations.ROOTFS));
        }
        if (!kind.equals(GantryAnnotations.IMAGE)) {
            return;
        }
        List<String> layers = GantryAnnotations.layers(config);
        if (layers.isEmpty() || !layers.stream().allMatch(layer -> layer.matches("/[^,\\\\]*"))) {
            problems.error(
                    "annotations",
                    "`%s` must have absolute paths, without `,` and `\\`".formatted(GantryAnnotations.LAYERS));
        }
        boolean hasUsers = config.linux() != null
                && config.linux().namespace(NamespaceType.USER).isPresent();
        if (hasUsers && host.uid() == 0) {
            problems.error(
                    "annotations",
                    "the files of an image belong to users of the machine, which a user namespace does not show yet",
                    "leave the user namespace out");
        }
    }

    /** They are run with the rights of the runtime, but are found, with all that they need, in the joined namespace. */
    private void hooks(OciConfig config) {
        boolean joins = config.linux()
                .namespace(NamespaceType.MOUNT)
                .filter(namespace -> namespace.path() != null)
                .isPresent();
        if (joins && !HookPoint.CREATE_CONTAINER.of(config).isEmpty()) {
            problems.error(
                    "hooks.createContainer",
                    "in a mount namespace that is joined, others may have put another program at the hook's path",
                    "run it as a createRuntime or startContainer hook");
        }
    }

    /** A rootfs that is made for the container lies in a directory of the runtime's user. */
    private void ownerIsMapped(String path, List<IdMapping> mappings, long id) {
        boolean isMapped = mappings.isEmpty() // then of a namespace that is joined
                || mappings.stream().anyMatch(map -> map.hostID() <= id && id < map.hostID() + map.size());
        if (!isMapped) {
            problems.error(
                    path,
                    "the rootfs is made by %d of the host, which is not mapped".formatted(id),
                    "map it, or let the rootfs be a directory");
        }
    }

    static void report(Process process, Host host, Problems problems) {
        Unsupported check = new Unsupported(problems);
        check.label("process.apparmorProfile", process.apparmorProfile(), SecurityModule.APPARMOR, host);
        check.label("process.selinuxLabel", process.selinuxLabel(), SecurityModule.SELINUX, host);
    }

    /** A process that runs without the label that was asked for would not be confined. */
    private void label(String path, String label, SecurityModule module, Host host) {
        if (label != null && !label.isBlank() && !host.securityModules().contains(module)) {
            problems.error(path, "%s is not enabled on this machine".formatted(module));
        }
    }

    private void linux(Linux linux, Host host) {
        refuse("linux.netDevices", linux.netDevices().isEmpty() ? null : linux.netDevices());
        if (linux.personality() != null && !linux.personality().flags().isEmpty()) {
            problems.error("linux.personality.flags", "no flag of a personality is known to the specification");
        }
        if (linux.intelRdt() != null) {
            problems.error("linux.intelRdt", "Intel RDT is not supported: Gantry drives no resctrl file system");
        }
        if (linux.namespace(NamespaceType.MOUNT).isEmpty()) {
            needMountNamespace("linux.maskedPaths", linux.maskedPaths());
            needMountNamespace("linux.readonlyPaths", linux.readonlyPaths());
        }
        cgroupsPath(linux.cgroupsPath(), host);
        if (linux.resources() != null) {
            ControllerRules.check(linux.resources(), host, problems);
        }
    }

    private void cgroupsPath(String path, Host host) {
        if (host.cgroupDriver() == CgroupDriver.SYSTEMD) {
            if (!host.isRoot()) {
                problems.error("linux.cgroupsPath", "cgroups of systemd's are made for root only");
            }
            SystemdUnit.check(path, problems);
        } else if (path != null && path.contains(":")) {
            problems.error(
                    "linux.cgroupsPath",
                    "`%s` is a path for systemd, which is not asked to make cgroups".formatted(path),
                    "give --systemd-cgroup");
        }
    }

    private void needMountNamespace(String path, List<String> paths) {
        if (!paths.isEmpty()) {
            problems.error(
                    path,
                    "`%s` needs a mount namespace".formatted(path.substring(path.lastIndexOf('.') + 1)),
                    "list `mount` in linux.namespaces");
        }
    }

    private void refuse(String path, Object value) {
        if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
            problems.error(path, "`%s` is not supported yet".formatted(path.substring(path.lastIndexOf('.') + 1)));
        }
    }
}
