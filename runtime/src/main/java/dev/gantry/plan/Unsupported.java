package dev.gantry.plan;

import dev.gantry.error.Problems;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Memory;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
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
        if (rootfs != null
                && !List.of(GantryAnnotations.HOST, GantryAnnotations.EMPTY).contains(rootfs)) {
            problems.error("annotations", "`%s` must be `host` or `empty`".formatted(GantryAnnotations.ROOTFS));
        }
        if (config.linux() != null) {
            check.linux(config.linux(), host);
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
        refuse("linux.intelRdt", linux.intelRdt());
        if (linux.namespace(NamespaceType.MOUNT).isEmpty()) {
            needMountNamespace("linux.maskedPaths", linux.maskedPaths());
            needMountNamespace("linux.readonlyPaths", linux.readonlyPaths());
        }
        if (linux.cgroupsPath() != null && linux.cgroupsPath().contains(":")) {
            problems.error("linux.cgroupsPath", "a systemd path `slice:prefix:name` is not supported yet");
        }
        Resources resources = linux.resources();
        if (resources == null) {
            return;
        }
        resources(resources);
        if (!host.isRoot() || host.cgroups().isEmpty()) {
            problems.warning("linux.resources", "limits are not applied without root");
        } else if (!resources.devices().isEmpty() && host.hierarchyOf("devices").isEmpty()) {
            problems.warning("linux.resources.devices", "device rules are not applied on cgroup v2 yet");
        }
        if (!resources.unified().isEmpty()
                && host.hierarchyOf("memory").filter(h -> h.unified()).isEmpty()) {
            problems.error("linux.resources.unified", "invalid configuration: needs cgroup v2");
        }
    }

    private void resources(Resources resources) {
        String path = "linux.resources.";
        refuse(path + "blockIO", resources.blockIO());
        refuse(path + "hugepageLimits", resources.hugepageLimits());
        refuse(path + "network", resources.network());
        refuse(path + "rdma", resources.rdma().isEmpty() ? null : resources.rdma());
        Cpu cpu = resources.cpu();
        if (cpu != null) {
            refuse(path + "cpu.burst", cpu.burst());
            refuse(path + "cpu.realtimeRuntime", cpu.realtimeRuntime());
            refuse(path + "cpu.realtimePeriod", cpu.realtimePeriod());
        }
        Memory memory = resources.memory();
        if (memory != null) {
            refuse(path + "memory.kernel", memory.kernel());
            refuse(path + "memory.kernelTCP", memory.kernelTCP());
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
