package dev.gantry.plan;

import dev.gantry.oci.Cpu;
import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.DeviceRuleType;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
            host.cgroups().forEach(hierarchy -> dirs.put(hierarchy, dir(hierarchy, id)));
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
        dirs.forEach(
                (hierarchy, dir) -> steps.add(PATH, new RuntimeStep.MakeCgroup(hierarchy, dir, handDown(hierarchy))));
        Resources resources = linux.resources() == null ? Resources.builder().build() : linux.resources();
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
                .map(entry ->
                        new CgroupMembership(entry.getValue(), entry.getKey().unified()))
                .toList();
    }

    /** Beside v1 hierarchies a v2 one is not changed: others may want to mount its controllers there. */
    private List<String> handDown(CgroupHierarchy hierarchy) {
        return host.isPurelyUnified() ? hierarchy.controllers() : List.of();
    }

    private String dir(CgroupHierarchy hierarchy, String id) {
        String path = linux.cgroupsPath();
        if (path != null && path.startsWith("/")) {
            return hierarchy.mountPoint() + Paths.clean(path);
        }
        String base = hierarchy.ownPath();
        if (host.isPurelyUnified()
                && !base.equals("/")) { // a v2 cgroup with processes cannot hand controllers down: a sibling
            base = base.substring(0, base.lastIndexOf('/') + 1);
        }
        return hierarchy.mountPoint() + Paths.clean(base + "/" + (path == null || path.isEmpty() ? id : path));
    }

    private void memory(Steps steps, Memory memory) {
        if (memory == null) {
            return;
        }
        if (isUnified("memory")) {
            write(steps, "memory.limit", "memory", "memory.max", orMax(unlessZero(memory.limit())));
            write(steps, "memory.swap", "memory", "memory.swap.max", orMax(swapAlone(memory)));
            write(steps, "memory.reservation", "memory", "memory.low", orMax(unlessZero(memory.reservation())));
            return;
        }
        write(steps, "memory.limit", "memory", "memory.limit_in_bytes", text(unlessZero(memory.limit())));
        write(steps, "memory.swap", "memory", "memory.memsw.limit_in_bytes", text(unlessZero(memory.swap())));
        write(
                steps,
                "memory.reservation",
                "memory",
                "memory.soft_limit_in_bytes",
                text(unlessZero(memory.reservation())));
        write(steps, "memory.swappiness", "memory", "memory.swappiness", text(memory.swappiness()));
        if (Boolean.TRUE.equals(memory.disableOOMKiller())) {
            write(steps, "memory.disableOOMKiller", "memory", "memory.oom_control", "1");
        }
    }

    /** OCI counts memory and swap together, cgroup v2 each on its own; 0 means not set, as for runc. */
    private static Long swapAlone(Memory memory) {
        Long both = memory.swap();
        boolean limited = isSet(both) && both > 0 && memory.limit() != null && memory.limit() > 0;
        return limited ? Long.valueOf(both - memory.limit()) : unlessZero(both);
    }

    private void cpu(Steps steps, Cpu cpu) {
        if (cpu == null) {
            return;
        }
        if (isUnified("cpu")) {
            if (isSet(cpu.shares())) {
                write(steps, "cpu.shares", "cpu", "cpu.weight", Long.toString(weight(cpu.shares())));
            }
            if (isSet(cpu.quota()) || isSet(cpu.period())) {
                String quota =
                        isSet(cpu.quota()) && cpu.quota() > 0 ? cpu.quota().toString() : "max";
                String period = isSet(cpu.period()) ? " " + cpu.period() : "";
                String property = isSet(cpu.quota()) ? "cpu.quota" : "cpu.period";
                write(steps, property, "cpu", "cpu.max", quota + period);
            }
            write(steps, "cpu.idle", "cpu", "cpu.idle", text(cpu.idle()));
        } else {
            write(steps, "cpu.shares", "cpu", "cpu.shares", text(unlessZero(cpu.shares())));
            write(steps, "cpu.period", "cpu", "cpu.cfs_period_us", text(unlessZero(cpu.period())));
            write(steps, "cpu.quota", "cpu", "cpu.cfs_quota_us", text(unlessZero(cpu.quota())));
            write(steps, "cpu.idle", "cpu", "cpu.idle", text(cpu.idle()));
        }
        write(steps, "cpu.cpus", "cpuset", "cpuset.cpus", cpu.cpus());
        write(steps, "cpu.mems", "cpuset", "cpuset.mems", cpu.mems());
    }

    /** From 2..262144 to 1..10000, as Kubernetes and runc map them. */
    static long weight(long shares) {
        return 1 + (Math.max(2, Math.min(262_144, shares)) - 2) * 9999 / 262_142;
    }

    /** Without a rule everything is denied but what a container always may, as runc has it. */
    private void devices(Steps steps, List<DeviceRule> rules) {
        if (rules.isEmpty()) {
            write(steps, "devices", "devices", "devices.deny", "a");
        }
        for (int i = 0; i < rules.size(); i++) {
            device(steps, "devices[%d]".formatted(i), rules.get(i));
        }
        ALWAYS_ALLOWED.forEach(rule -> device(steps, "devices", rule));
    }

    private void device(Steps steps, String property, DeviceRule rule) {
        String file = Boolean.TRUE.equals(rule.allow()) ? "devices.allow" : "devices.deny";
        String access = rule.access() == null ? "rwm" : rule.access();
        String rest = " %s:%s %s".formatted(star(rule.major()), star(rule.minor()), access);
        if (rule.type() != null && rule.type() != DeviceRuleType.ALL) {
            write(steps, property, "devices", file, rule.type().ociName() + rest);
        } else if (rest.startsWith(" *:* ") && Set.of('r', 'w', 'm').stream().allMatch(c -> access.indexOf(c) >= 0)) {
            write(steps, property, "devices", file, "a");
        } else { // whatever follows an `a`, the kernel takes it for all access to all devices
            write(steps, property, "devices", file, "b" + rest);
            write(steps, property, "devices", file, "c" + rest);
        }
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

    /** For values that callers set to 0 when they mean none, and that the kernel would refuse. */
    private static Long unlessZero(Long value) {
        return isSet(value) ? value : null;
    }

    private static boolean isSet(Long value) {
        return value != null && value != 0;
    }

    private static String orMax(Long value) {
        return value == null ? null : value < 0 ? "max" : value.toString();
    }
}
