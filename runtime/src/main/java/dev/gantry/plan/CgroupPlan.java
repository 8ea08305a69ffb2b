package dev.gantry.plan;

import dev.gantry.oci.Cpu;
import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.DeviceRuleType;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans the container's cgroup: one directory in every hierarchy of the host, its limits, and how it is joined. */
final class CgroupPlan {
    private static final String PATH = "linux.cgroupsPath";
    private static final String RESOURCES = "linux.resources.";

    /** What runc and crun let every container do, whatever its own rules say. */
    private static final List<DeviceRule> ALWAYS_ALLOWED = List.of(
            rule(DeviceRuleType.CHARACTER, null, null, "m"),
            rule(DeviceRuleType.BLOCK, null, null, "m"),
            rule(DeviceRuleType.CHARACTER, 1L, 3L, "rwm"),
            rule(DeviceRuleType.CHARACTER, 1L, 8L, "rwm"),
            rule(DeviceRuleType.CHARACTER, 1L, 7L, "rwm"),
            rule(DeviceRuleType.CHARACTER, 5L, 0L, "rwm"),
            rule(DeviceRuleType.CHARACTER, 1L, 5L, "rwm"),
            rule(DeviceRuleType.CHARACTER, 1L, 9L, "rwm"),
            rule(DeviceRuleType.CHARACTER, 136L, null, "rwm"),
            rule(DeviceRuleType.CHARACTER, 5L, 2L, "rwm"));

    private final Map<CgroupHierarchy, String> dirs = new LinkedHashMap<>();
    private final Linux linux;
    private final Host host;

    CgroupPlan(Linux linux, Host host, String id) {
        this.linux = linux;
        this.host = host;
        if (host.isRoot()) {
            boolean onlyUnified = host.cgroups().size() == 1;
            host.cgroups().forEach(hierarchy -> dirs.put(hierarchy, dir(hierarchy, onlyUnified, id)));
        }
    }

    List<String> dirs() {
        return List.copyOf(dirs.values());
    }

    /** Returns the container's directory in a hierarchy; null where it has none. */
    String dir(CgroupHierarchy hierarchy) {
        return dirs.get(hierarchy);
    }

    void prepare(Steps steps) {
        dirs.forEach((hierarchy, dir) -> steps.add(PATH, new RuntimeStep.MakeCgroup(hierarchy, dir, handDown(hierarchy))));
        Resources resources = linux.resources();
        if (resources == null || dirs.isEmpty()) {
            return;
        }
        memory(steps, resources.memory());
        cpu(steps, resources.cpu());
        if (resources.pids() != null && resources.pids().limit() != null) {
            long limit = resources.pids().limit();
            write(steps, "pids.limit", "pids", "pids.max", limit <= 0 ? "max" : Long.toString(limit));
        }
        devices(steps, resources.devices());
        resources
                .unified()
                .forEach((key, value) -> host.unified()
                        .ifPresent(hierarchy -> steps.add(
                                RESOURCES + "unified." + key,
                                new RuntimeStep.WriteCgroup(dirs.get(hierarchy) + "/" + key, value))));
    }

    List<CgroupMembership> memberships() {
        return dirs.entrySet().stream()
                .map(entry -> new CgroupMembership(entry.getValue(), entry.getKey().unified()))
                .toList();
    }

    /** Beside v1 hierarchies a v2 one is not changed: others may want to mount its controllers there. */
    private List<String> handDown(CgroupHierarchy hierarchy) {
        return host.cgroups().size() == 1 ? hierarchy.controllers() : List.of();
    }

    private String dir(CgroupHierarchy hierarchy, boolean onlyUnified, String id) {
        String path = linux.cgroupsPath();
        if (path != null && path.startsWith("/")) {
            return hierarchy.mountPoint() + clean(path);
        }
        String base = hierarchy.ownPath();
        if (onlyUnified && !base.equals("/")) { // a v2 cgroup with processes cannot hand controllers down: a sibling
            base = base.substring(0, base.lastIndexOf('/') + 1);
        }
        return hierarchy.mountPoint() + clean(base + "/" + (path == null || path.isEmpty() ? id : path));
    }

    /** Normalises as {@code filepath.Clean("/" + path)} does in Go: {@code ..} stays below the hierarchy's root. */
    private static String clean(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.equals("..") && !parts.isEmpty()) {
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
                parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    private void memory(Steps steps, Memory memory) {
        if (memory == null) {
            return;
        }
        if (isUnified("memory")) {
            write(steps, "memory.limit", "memory", "memory.max", orMax(memory.limit()));
            if (memory.swap() != null) {
                Long swapOnly = memory.swap() < 0 || memory.limit() == null || memory.limit() < 0
                        ? Long.valueOf(memory.swap() < 0 ? -1 : memory.swap())
                        : Long.valueOf(memory.swap() - memory.limit()); // OCI counts memory and swap together
                write(steps, "memory.swap", "memory", "memory.swap.max", orMax(swapOnly));
            }
            write(steps, "memory.reservation", "memory", "memory.low", orMax(memory.reservation()));
            return;
        }
        write(steps, "memory.limit", "memory", "memory.limit_in_bytes", text(memory.limit()));
        write(steps, "memory.swap", "memory", "memory.memsw.limit_in_bytes", text(memory.swap()));
        write(steps, "memory.reservation", "memory", "memory.soft_limit_in_bytes", text(memory.reservation()));
        write(steps, "memory.swappiness", "memory", "memory.swappiness", text(memory.swappiness()));
        if (Boolean.TRUE.equals(memory.disableOOMKiller())) {
            write(steps, "memory.disableOOMKiller", "memory", "memory.oom_control", "1");
        }
    }

    private void cpu(Steps steps, Cpu cpu) {
        if (cpu == null) {
            return;
        }
        if (isUnified("cpu")) {
            if (cpu.shares() != null && cpu.shares() != 0) {
                write(steps, "cpu.shares", "cpu", "cpu.weight", Long.toString(weight(cpu.shares())));
            }
            if (cpu.quota() != null || cpu.period() != null) {
                String quota = cpu.quota() == null || cpu.quota() <= 0 ? "max" : Long.toString(cpu.quota());
                String period = cpu.period() == null ? "" : " " + cpu.period();
                write(steps, "cpu.quota", "cpu", "cpu.max", quota + period);
            }
            write(steps, "cpu.idle", "cpu", "cpu.idle", text(cpu.idle()));
        } else {
            write(steps, "cpu.shares", "cpu", "cpu.shares", text(cpu.shares()));
            write(steps, "cpu.period", "cpu", "cpu.cfs_period_us", text(cpu.period()));
            write(steps, "cpu.quota", "cpu", "cpu.cfs_quota_us", text(cpu.quota()));
            write(steps, "cpu.idle", "cpu", "cpu.idle", text(cpu.idle()));
        }
        write(steps, "cpu.cpus", "cpuset", "cpuset.cpus", cpu.cpus());
        write(steps, "cpu.mems", "cpuset", "cpuset.mems", cpu.mems());
    }

    /** From 2..262144 to 1..10000, as Kubernetes and runc map them. */
    static long weight(long shares) {
        return 1 + (Math.max(2, Math.min(262_144, shares)) - 2) * 9999 / 262_142;
    }

    private void devices(Steps steps, List<DeviceRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            device(steps, "devices[%d]".formatted(i), rules.get(i));
        }
        if (!rules.isEmpty()) {
            ALWAYS_ALLOWED.forEach(rule -> device(steps, "devices", rule));
        }
    }

    private void device(Steps steps, String property, DeviceRule rule) {
        String file = Boolean.TRUE.equals(rule.allow()) ? "devices.allow" : "devices.deny";
        boolean all = rule.type() == null || rule.type() == DeviceRuleType.ALL;
        String value = all && rule.major() == null && rule.minor() == null
                ? "a"
                : "%s %s:%s %s"
                        .formatted(
                                all ? "a" : rule.type().ociName(),
                                star(rule.major()),
                                star(rule.minor()),
                                rule.access() == null ? "rwm" : rule.access());
        write(steps, property, "devices", file, value);
    }

    private static String star(Long number) {
        return number == null || number < 0 ? "*" : Long.toString(number);
    }

    private static DeviceRule rule(DeviceRuleType type, Long major, Long minor, String access) {
        return new DeviceRule(true, type, major, minor, access);
    }

    private boolean isUnified(String controller) {
        return host.hierarchyOf(controller).map(CgroupHierarchy::unified).orElse(false);
    }

    private void write(Steps steps, String property, String controller, String file, String value) {
        if (value == null) {
            return;
        }
        host.hierarchyOf(controller)
                .map(dirs::get)
                .ifPresent(
                        dir -> steps.add(RESOURCES + property, new RuntimeStep.WriteCgroup(dir + "/" + file, value)));
    }

    private static String text(Long value) {
        return value == null ? null : value.toString();
    }

    private static String orMax(Long value) {
        return value == null ? null : value < 0 ? "max" : value.toString();
    }
}
