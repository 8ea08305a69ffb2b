package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.BlockIo;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Network;
import dev.gantry.oci.Resources;
import dev.gantry.oci.WeightDevice;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.Host;

/**
 * Judges limits by the controllers that this machine has: one that could not be set is an error. What cgroup v2 has no
 * counterpart for and callers ask for out of habit is a warning.
 */
public final class ControllerRules {
    private static final String RESOURCES = "linux.resources.";

    private final Host host;
    private final Problems problems;

    private ControllerRules(Host host, Problems problems) {
        this.host = host;
        this.problems = problems;
    }

    /** Judges; an unprivileged runtime without a cgroup of its own sets no limits and says so. */
    public static void check(Resources resources, Host host, Problems problems) {
        if (host.usableCgroups().isEmpty()) {
            problems.warning("linux.resources", "limits are not applied without root or a delegated cgroup");
            return;
        }
        new ControllerRules(host, problems).check(resources);
    }

    private void check(Resources resources) {
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        needs("pids.limit", resources.pids() == null ? null : resources.pids().limit(), "pids");
        if (resources.blockIO() != null) {
            blockIo(resources.blockIO());
        }
        needs("hugepageLimits", resources.hugepageLimits().isEmpty() ? null : true, "hugetlb");
        if (resources.network() != null) {
            network(resources.network());
        }
        needs("rdma", resources.rdma().isEmpty() ? null : true, "rdma");
        if (!host.isRoot() && !resources.devices().stream().allMatch(DeviceRules::deniesAll)) {
            problems.warning(RESOURCES + "devices", "device rules are not applied without root");
        }
        if (host.isPurelyUnified() && resources.devices().size() > DeviceRules.MOST) {
            problems.error(
                    RESOURCES + "devices",
                    "at most %d device rules fit into the program that guards a cgroup v2".formatted(DeviceRules.MOST));
        }
        if (!resources.unified().isEmpty() && !isUnified("memory")) {
            problems.error(RESOURCES + "unified", "invalid configuration: needs cgroup v2");
        }
    }

    private void memory(Memory memory) {
        Object any = first(memory.limit(), memory.swap(), memory.reservation());
        needs("memory", any, "memory");
        if (memory.kernel() != null) {
            problems.warning(RESOURCES + "memory.kernel", "kernel memory is not limited: Linux has given that up");
        }
        onlyV1("memory.kernelTCP", memory.kernelTCP(), "memory");
        onlyV1("memory.swappiness", memory.swappiness(), "memory");
        onlyV1("memory.disableOOMKiller", Boolean.TRUE.equals(memory.disableOOMKiller()) ? true : null, "memory");
        onlyV1("memory.useHierarchy", memory.useHierarchy(), "memory");
    }

    private void cpu(Cpu cpu) {
        needs("cpu", first(cpu.shares(), cpu.quota(), cpu.period(), cpu.burst(), cpu.idle()), "cpu");
        needs("cpu.cpus", first(unlessEmpty(cpu.cpus()), unlessEmpty(cpu.mems())), "cpuset");
        if (isUnified("cpu") && first(unlessZero(cpu.realtimeRuntime()), unlessZero(cpu.realtimePeriod())) != null) {
            problems.error(RESOURCES + "cpu.realtimeRuntime", "cgroup v2 has no limits of realtime processes");
        }
    }

    private void blockIo(BlockIo io) {
        needs("blockIO", true, isUnified("io") ? "io" : "blkio");
        Object leaf = io.leafWeight();
        for (WeightDevice device : io.weightDevice()) {
            leaf = first(leaf, device.leafWeight());
        }
        onlyV1("blockIO.leafWeight", leaf, "io");
    }

    private void network(Network network) {
        needs("network.classID", network.classID(), "net_cls");
        needs("network.priorities", network.priorities().isEmpty() ? null : true, "net_prio");
    }

    private void needs(String property, Object value, String controller) {
        if (value != null && host.hierarchyOf(controller).isEmpty()) {
            problems.error(
                    RESOURCES + property, "the cgroup controller `%s` is not available here".formatted(controller));
        }
    }

    private void onlyV1(String property, Object value, String controller) {
        if (value != null && isUnified(controller)) {
            problems.warning(RESOURCES + property, "is not applied: cgroup v2 has nothing like it");
        }
    }

    private boolean isUnified(String controller) {
        return host.hierarchyOf(controller).map(CgroupHierarchy::unified).orElse(false);
    }

    private static Object first(Object... values) {
        for (Object value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static Long unlessZero(Long value) {
        return value == null || value == 0 ? null : value;
    }

    private static String unlessEmpty(String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
