package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Resources;
import dev.gantry.plan.Host;
import dev.gantry.plan.UnitProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The unit of systemd's in which a container is: a scope.
 *
 * @param name the whole name, {@code gantry-box.scope}
 * @param slice the slice above it
 * @param cgroup where systemd makes its cgroup, from the top of each hierarchy
 */
public record SystemdUnit(String name, String slice, String cgroup) {
    private static final String PATH = "linux.cgroupsPath";
    private static final String DEFAULT_SLICE = "system.slice";
    private static final String DEFAULT_PREFIX = "gantry";
    private static final String SLICE = ".slice";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,240}");
    private static final long MICROS_A_SECOND = 1_000_000;
    private static final long DEFAULT_PERIOD = 100_000;
    private static final long TASKS_OF_INIT = 2;
    private static final long STEP = 10_000;

    /**
     * Returns the unit that a config's {@code cgroupsPath} names, {@code slice:prefix:name}; the default for null or
     * empty.
     */
    static SystemdUnit of(String cgroupsPath, String id) {
        String[] parts = cgroupsPath == null || cgroupsPath.isEmpty()
                ? new String[] {"", DEFAULT_PREFIX, id}
                : cgroupsPath.split(":", 3);
        String name = parts[2];
        String slice = parts[0].isEmpty() ? DEFAULT_SLICE : parts[0];
        String unit = (parts[1].isEmpty() ? name : parts[1] + "-" + name) + ".scope";
        return new SystemdUnit(unit, slice, expanded(slice) + "/" + unit);
    }

    /** Tells what is wrong with a config's path. */
    static void check(String cgroupsPath, Problems problems) {
        if (cgroupsPath == null || cgroupsPath.isEmpty()) {
            return;
        }
        String[] parts = cgroupsPath.split(":", -1);
        if (parts.length != 3 || !NAME.matcher(parts[2]).matches() || parts[2].startsWith(".")) {
            problems.error(
                    PATH,
                    "expected cgroupsPath to be of format `slice:prefix:name` for systemd cgroups, got `%s` instead"
                            .formatted(cgroupsPath));
        } else if (!parts[0].isEmpty() && !isSlice(parts[0])) {
            problems.error(PATH, "invalid slice name: `%s`".formatted(parts[0]));
        }
    }

    private static boolean isSlice(String slice) {
        boolean named = NAME.matcher(slice).matches() && slice.endsWith(SLICE) && slice.length() > SLICE.length();
        String stem = named ? slice.substring(0, slice.length() - SLICE.length()) : "--";
        return slice.equals("-.slice") || !stem.startsWith("-") && !stem.endsWith("-") && !stem.contains("--");
    }

    /** A slice lies below those that its name begins with, systemd.slice(5): {@code a-b.slice} in {@code a.slice}. */
    private static String expanded(String slice) {
        StringBuilder path = new StringBuilder();
        if (slice.equals("-.slice")) {
            return "";
        }
        for (int dash = slice.indexOf('-'); dash >= 0; dash = slice.indexOf('-', dash + 1)) {
            path.append('/').append(slice, 0, dash).append(SLICE);
        }
        return path.append('/').append(slice).toString();
    }

    /** Returns what the unit is like, whatever its limits. */
    List<UnitProperty> properties(String id) {
        List<UnitProperty> properties = new ArrayList<>();
        properties.add(new UnitProperty("Description", "container " + id));
        properties.add(new UnitProperty("Slice", slice));
        properties.add(new UnitProperty("Delegate", true));
        for (String accounting : List.of("MemoryAccounting", "CPUAccounting", "TasksAccounting")) {
            properties.add(new UnitProperty(accounting, true));
        }
        properties.add(new UnitProperty("DefaultDependencies", false));
        properties.add(new UnitProperty("CollectMode", "inactive-or-failed"));
        return properties;
    }

    /**
     * Returns the limits as systemd receives them, so that it does not set others when it looks at its units again.
     * What it has no property for, or not as fine a one, the cgroup's files say.
     */
    public static List<UnitProperty> limits(Resources resources, Host host) {
        List<UnitProperty> limits = new ArrayList<>();
        boolean unified = host.isPurelyUnified();
        if (resources.memory() != null) {
            memory(resources.memory(), unified, limits);
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu(), unified, limits);
        }
        if (resources.pids() != null && resources.pids().limit() != null) {
            limits.add(new UnitProperty("TasksMax", tasks(resources.pids().limit())));
        }
        return limits;
    }

    private static void memory(Memory memory, boolean unified, List<UnitProperty> limits) {
        add(limits, unified ? "MemoryMax" : "MemoryLimit", memory.limit());
        if (unified) {
            add(limits, "MemoryLow", memory.reservation());
            add(limits, "MemorySwapMax", ResourcePlan.swapAlone(memory.limit(), memory.swap()));
        }
    }

    private static void cpu(Cpu cpu, boolean unified, List<UnitProperty> limits) {
        if (cpu.shares() != null && cpu.shares() != 0) {
            limits.add(
                    unified
                            ? new UnitProperty("CPUWeight", ResourcePlan.weight(cpu.shares()))
                            : new UnitProperty("CPUShares", cpu.shares()));
        }
        if (cpu.quota() != null && cpu.quota() != 0) {
            long period = cpu.period() == null || cpu.period() == 0 ? DEFAULT_PERIOD : cpu.period();
            limits.add(new UnitProperty("CPUQuotaPeriodUSec", period));
            limits.add(new UnitProperty("CPUQuotaPerSecUSec", cpu.quota() < 0 ? -1 : perSecond(cpu.quota(), period)));
        }
    }

    /** Rounded up to what systemd can say. */
    private static long perSecond(long quota, long period) {
        return (quota * MICROS_A_SECOND / period + STEP - 1) / STEP * STEP;
    }

    private static void add(List<UnitProperty> limits, String name, Long value) {
        if (value != null && value != 0) {
            limits.add(new UnitProperty(name, endless(value)));
        }
    }

    /** The unit is made before the init, which takes two; what is below, the cgroup's own file says. */
    private static Long tasks(long limit) {
        return limit < 0 ? -1L : Math.max(limit, TASKS_OF_INIT);
    }

    private static Long endless(long value) {
        return value <= 0 ? -1L : value;
    }
}
