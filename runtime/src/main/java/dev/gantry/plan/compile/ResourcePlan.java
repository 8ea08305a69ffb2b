package dev.gantry.plan.compile;

import dev.gantry.oci.BlockIo;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.HugepageLimit;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Network;
import dev.gantry.oci.NetworkPriority;
import dev.gantry.oci.Rdma;
import dev.gantry.oci.Resources;
import dev.gantry.oci.ThrottleDevice;
import dev.gantry.oci.WeightDevice;
import dev.gantry.plan.CgroupChange;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Plans which values go into which files of a container's cgroup: at its making, and when its limits are updated.
 *
 * <p>What a config says in the terms of cgroup v1 is converted for v2 as runc does it.
 */
public final class ResourcePlan {
    private static final String RESOURCES = "linux.resources.";
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final int LEAST_BLKIO = 10;
    private static final int BLKIO_RANGE = 990;
    private static final int IO_RANGE = 9_999;

    private final Host host;
    private final Map<CgroupHierarchy, String> dirs;
    private final List<CgroupChange> changes = new ArrayList<>();

    private ResourcePlan(Host host, Map<CgroupHierarchy, String> dirs) {
        this.host = host;
        this.dirs = dirs;
    }

    /**
     * Returns the changes that make a new cgroup what a config says.
     *
     * @param dirs the cgroup's directory in each hierarchy
     */
    static List<CgroupChange> ofNew(Resources resources, Host host, Map<CgroupHierarchy, String> dirs) {
        ResourcePlan plan = new ResourcePlan(host, dirs);
        plan.limits(resources);
        plan.changes.addAll(DeviceRules.of(resources.devices(), host, dirs));
        plan.unified(resources.unified());
        return plan.changes;
    }

    /**
     * Returns the changes that change a cgroup; what {@code changes} does not say stays.
     *
     * @param before what the cgroup's limits are, for files that hold more than one of them
     */
    public static List<CgroupChange> ofUpdate(
            Resources changes, Resources before, Host host, Map<CgroupHierarchy, String> dirs) {
        ResourcePlan plan = new ResourcePlan(host, dirs);
        plan.limits(changes.toBuilder()
                .cpu(plan.completed(changes.cpu(), before.cpu()))
                .build());
        if (!changes.devices().isEmpty() && !changes.devices().equals(before.devices())) {
            plan.changes.addAll(DeviceRules.of(changes.devices(), host, dirs));
        }
        plan.unified(changes.unified());
        return plan.changes;
    }

    /** On cgroup v2 quota and period are one file. */
    private Cpu completed(Cpu changed, Cpu before) {
        boolean periodAlone = changed != null && isSet(changed.period()) && !isSet(changed.quota());
        if (!periodAlone || before == null || !isUnified("cpu")) {
            return changed;
        }
        return new Cpu(
                changed.shares(),
                before.quota(),
                changed.burst(),
                changed.period(),
                changed.realtimeRuntime(),
                changed.realtimePeriod(),
                changed.cpus(),
                changed.mems(),
                changed.idle());
    }

    private void limits(Resources resources) {
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        if (resources.pids() != null && resources.pids().limit() != null) {
            long limit = resources.pids().limit();
            write("pids.limit", "pids", "pids.max", limit < 0 ? "max" : Long.toString(limit));
        }
        if (resources.blockIO() != null) {
            blockIo(resources.blockIO());
        }
        hugepages(resources.hugepageLimits());
        if (resources.network() != null) {
            network(resources.network());
        }
        resources.rdma().forEach(this::rdma);
    }

    private void memory(Memory memory) {
        boolean freed = memory.limit() != null && memory.limit() == -1 && !isSet(memory.swap());
        Long swap = freed ? Long.valueOf(-1) : memory.swap(); // no limit of both together may stay below none of one
        if (isUnified("memory")) {
            write("memory.limit", "memory", "memory.max", orMax(unlessZero(memory.limit())));
            write("memory.swap", "memory", "memory.swap.max", orMax(swapAlone(memory.limit(), swap)));
            write("memory.reservation", "memory", "memory.low", orMax(unlessZero(memory.reservation())));
            return;
        }
        if (freed) {
            write("memory.swap", "memory", "memory.memsw.limit_in_bytes", "-1");
        }
        write("memory.limit", "memory", "memory.limit_in_bytes", text(unlessZero(memory.limit())));
        if (!freed) {
            write("memory.swap", "memory", "memory.memsw.limit_in_bytes", text(unlessZero(swap)));
        }
        write("memory.reservation", "memory", "memory.soft_limit_in_bytes", text(unlessZero(memory.reservation())));
        write("memory.kernelTCP", "memory", "memory.kmem.tcp.limit_in_bytes", text(unlessZero(memory.kernelTCP())));
        write("memory.swappiness", "memory", "memory.swappiness", text(memory.swappiness()));
        if (Boolean.TRUE.equals(memory.disableOOMKiller())) {
            write("memory.disableOOMKiller", "memory", "memory.oom_control", "1");
        }
        if (memory.useHierarchy() != null) {
            write("memory.useHierarchy", "memory", "memory.use_hierarchy", memory.useHierarchy() ? "1" : "0");
        }
    }

    /** OCI counts memory and swap together, cgroup v2 each on its own; 0 means not set, as for runc. */
    static Long swapAlone(Long limit, Long both) {
        boolean limited = isSet(both) && both > 0 && limit != null && limit > 0;
        return limited ? Long.valueOf(both - limit) : unlessZero(both);
    }

    private void cpu(Cpu cpu) {
        if (isUnified("cpu")) {
            if (isSet(cpu.shares())) {
                write("cpu.shares", "cpu", "cpu.weight", Long.toString(weight(cpu.shares())));
            }
            if (isSet(cpu.quota()) || isSet(cpu.period())) {
                String quota =
                        isSet(cpu.quota()) && cpu.quota() > 0 ? cpu.quota().toString() : "max";
                String period = isSet(cpu.period()) ? " " + cpu.period() : "";
                write(isSet(cpu.quota()) ? "cpu.quota" : "cpu.period", "cpu", "cpu.max", quota + period);
            }
            write("cpu.burst", "cpu", "cpu.max.burst", text(cpu.burst()));
        } else {
            write("cpu.shares", "cpu", "cpu.shares", text(unlessZero(cpu.shares())));
            write("cpu.realtimePeriod", "cpu", "cpu.rt_period_us", text(unlessZero(cpu.realtimePeriod())));
            write("cpu.realtimeRuntime", "cpu", "cpu.rt_runtime_us", text(unlessZero(cpu.realtimeRuntime())));
            write("cpu.period", "cpu", "cpu.cfs_period_us", text(unlessZero(cpu.period())));
            write("cpu.quota", "cpu", "cpu.cfs_quota_us", text(unlessZero(cpu.quota())));
            write("cpu.burst", "cpu", "cpu.cfs_burst_us", text(cpu.burst()));
        }
        write("cpu.idle", "cpu", "cpu.idle", text(cpu.idle()));
        write("cpu.cpus", "cpuset", "cpuset.cpus", unlessEmpty(cpu.cpus()));
        write("cpu.mems", "cpuset", "cpuset.mems", unlessEmpty(cpu.mems()));
    }

    /** From 2..262144 to 1..10000, as Kubernetes and runc map them. */
    static long weight(long shares) {
        return 1
                + (Math.max(LEAST_SHARES, Math.min(MOST_SHARES, shares)) - LEAST_SHARES)
                        * IO_RANGE
                        / (MOST_SHARES - LEAST_SHARES);
    }

    private void blockIo(BlockIo io) {
        boolean unified = isUnified("io");
        String controller = unified ? "io" : "blkio";
        if (io.weight() != null && io.weight() != 0) {
            if (unified) {
                write("blockIO.weight", controller, "io.weight", Long.toString(ioWeight(io.weight())));
            } else {
                write("blockIO.weight", controller, blkioWeightFile(), Integer.toString(io.weight()));
            }
        }
        if (!unified && io.leafWeight() != null && io.leafWeight() != 0) {
            write("blockIO.leafWeight", controller, "blkio.leaf_weight", Integer.toString(io.leafWeight()));
        }
        for (int i = 0; i < io.weightDevice().size(); i++) {
            WeightDevice device = io.weightDevice().get(i);
            String property = "blockIO.weightDevice[%d]".formatted(i);
            String which = "%d:%d ".formatted(device.major(), device.minor());
            if (device.weight() != null) {
                String file = unified ? "io.bfq.weight" : blkioWeightFile() + "_device";
                write(property, controller, file, which + device.weight());
            }
            if (!unified && device.leafWeight() != null) {
                write(property, controller, "blkio.leaf_weight_device", which + device.leafWeight());
            }
        }
        throttles("throttleReadBpsDevice", io.throttleReadBpsDevice(), "read_bps_device", "rbps");
        throttles("throttleWriteBpsDevice", io.throttleWriteBpsDevice(), "write_bps_device", "wbps");
        throttles("throttleReadIOPSDevice", io.throttleReadIOPSDevice(), "read_iops_device", "riops");
        throttles("throttleWriteIOPSDevice", io.throttleWriteIOPSDevice(), "write_iops_device", "wiops");
    }

    /** Since Linux 5.0 the weight on cgroup v1 is that of the BFQ scheduler. */
    private static String blkioWeightFile() {
        return "blkio.bfq.weight";
    }

    /** From 10..1000 to 1..10000, as runc maps them. */
    private static long ioWeight(int weight) {
        return 1 + (long) (weight - LEAST_BLKIO) * IO_RANGE / BLKIO_RANGE;
    }

    private void throttles(String property, List<ThrottleDevice> devices, String v1, String v2) {
        boolean unified = isUnified("io");
        for (int i = 0; i < devices.size(); i++) {
            ThrottleDevice device = devices.get(i);
            String which = "%d:%d ".formatted(device.major(), device.minor());
            String path = "blockIO.%s[%d]".formatted(property, i);
            if (unified) {
                write(
                        path,
                        "io",
                        "io.max",
                        which + v2 + "=" + (device.rate() == 0 ? "max" : Long.toUnsignedString(device.rate())));
            } else {
                write(path, "blkio", "blkio.throttle." + v1, which + Long.toUnsignedString(device.rate()));
            }
        }
    }

    private void hugepages(List<HugepageLimit> limits) {
        String suffix = isUnified("hugetlb") ? "max" : "limit_in_bytes";
        for (int i = 0; i < limits.size(); i++) {
            HugepageLimit limit = limits.get(i);
            String value = limit.limit() == -1 && isUnified("hugetlb") ? "max" : Long.toUnsignedString(limit.limit());
            write(
                    "hugepageLimits[%d]".formatted(i),
                    "hugetlb",
                    "hugetlb.%s.%s".formatted(limit.pageSize(), suffix),
                    value);
        }
    }

    private void network(Network network) {
        write("network.classID", "net_cls", "net_cls.classid", text(network.classID()));
        for (int i = 0; i < network.priorities().size(); i++) {
            NetworkPriority priority = network.priorities().get(i);
            write(
                    "network.priorities[%d]".formatted(i),
                    "net_prio",
                    "net_prio.ifpriomap",
                    priority.name() + " " + priority.priority());
        }
    }

    private void rdma(String device, Rdma limits) {
        String handles = limits.hcaHandles() == null ? "max" : Long.toString(limits.hcaHandles());
        String objects = limits.hcaObjects() == null ? "max" : Long.toString(limits.hcaObjects());
        write(
                "rdma." + device,
                "rdma",
                "rdma.max",
                "%s hca_handle=%s hca_object=%s".formatted(device, handles, objects));
    }

    private void unified(Map<String, String> files) {
        files.forEach((name, value) -> host.unified()
                .map(dirs::get)
                .ifPresent(dir ->
                        changes.add(new CgroupChange.Write(RESOURCES + "unified." + name, dir + "/" + name, value))));
    }

    private boolean isUnified(String controller) {
        return host.hierarchyOf(controller).map(CgroupHierarchy::unified).orElse(false);
    }

    private void write(String property, String controller, String file, String value) {
        if (value == null) {
            return;
        }
        host.hierarchyOf(controller)
                .map(dirs::get)
                .ifPresent(dir -> changes.add(new CgroupChange.Write(RESOURCES + property, dir + "/" + file, value)));
    }

    private static String text(Long value) {
        return value == null ? null : value.toString();
    }

    private static String unlessEmpty(String list) {
        return list == null || list.isEmpty() ? null : list;
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
