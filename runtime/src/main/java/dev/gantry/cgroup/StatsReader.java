package dev.gantry.cgroup;

import dev.gantry.oci.NumberList;
import dev.gantry.value.CgroupStats;
import dev.gantry.value.CgroupStats.BlockIoEntry;
import dev.gantry.value.CgroupStats.Psi;
import dev.gantry.value.CgroupStats.Throttling;
import dev.gantry.value.CgroupStats.Use;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a cgroup has used, from hierarchies of either version. Any thread may use it. */
public final class StatsReader {
    private static final long NANOS_A_MICRO = 1_000;
    private static final List<String> CPUSET_FLAGS = List.of(
            "cpu_exclusive",
            "mem_hardwall",
            "mem_exclusive",
            "memory_migrate",
            "memory_spread_page",
            "memory_spread_slab",
            "memory_pressure",
            "sched_load_balance",
            "sched_relax_domain_level");
    private static final long NANOS_A_TICK = 10_000_000; // USER_HZ is 100 on every architecture that we build for

    private final ControllerDirs dirs;

    /** Creates the reader of a cgroup. */
    public StatsReader(ControllerDirs dirs) {
        this.dirs = dirs;
    }

    /** Returns the numbers as they are now; those of a cgroup that is gone are zero. */
    public CgroupStats read() {
        Optional<String> v2 = dirs.of("memory")
                .filter(dir -> dirs.unified().filter(dir::equals).isPresent());
        return new CgroupStats(
                dirs.v1("cpuacct").isPresent() ? cpuV1() : cpuV2(dirs.unified().orElse("")),
                cpuset(dirs.v1("cpuset").orElse("")),
                v2.map(StatsReader::memoryV2)
                        .orElseGet(() -> memoryV1(dirs.v1("memory").orElse(""))),
                pids(dirs.of("pids").orElse("")),
                dirs.v1("blkio").isPresent()
                        ? blockIoV1(dirs.v1("blkio").get())
                        : blockIoV2(dirs.unified().orElse("")),
                hugetlb(dirs.of("hugetlb")),
                rdma(dirs.of("rdma").orElse("")));
    }

    private CgroupStats.Cpu cpuV1() {
        String accounting = dirs.v1("cpuacct").orElse("");
        Map<String, Long> ticks = ControlFile.entries(accounting + "/cpuacct.stat");
        Map<String, Long> stat = ControlFile.entries(dirs.v1("cpu").orElse("") + "/cpu.stat");
        List<Long> user = new ArrayList<>();
        List<Long> kernel = new ArrayList<>();
        for (String line : ControlFile.lines(accounting + "/cpuacct.usage_all")) { // "cpu user system", then numbers
            String[] parts = line.split(" ");
            if (!parts[0].equals("cpu")) {
                user.add(Long.parseLong(parts[1]));
                kernel.add(Long.parseLong(parts[2]));
            }
        }
        return new CgroupStats.Cpu(
                ControlFile.number(accounting + "/cpuacct.usage").orElse(0L),
                ticks.getOrDefault("system", 0L) * NANOS_A_TICK,
                ticks.getOrDefault("user", 0L) * NANOS_A_TICK,
                numbers(accounting + "/cpuacct.usage_percpu"),
                kernel,
                user,
                new Throttling(
                        stat.getOrDefault("nr_periods", 0L),
                        stat.getOrDefault("nr_throttled", 0L),
                        stat.getOrDefault("throttled_time", 0L)),
                null);
    }

    private static CgroupStats.Cpu cpuV2(String dir) {
        Map<String, Long> stat = ControlFile.entries(dir + "/cpu.stat");
        return new CgroupStats.Cpu(
                stat.getOrDefault("usage_usec", 0L) * NANOS_A_MICRO,
                stat.getOrDefault("system_usec", 0L) * NANOS_A_MICRO,
                stat.getOrDefault("user_usec", 0L) * NANOS_A_MICRO,
                List.of(),
                List.of(),
                List.of(),
                new Throttling(
                        stat.getOrDefault("nr_periods", 0L),
                        stat.getOrDefault("nr_throttled", 0L),
                        stat.getOrDefault("throttled_usec", 0L) * NANOS_A_MICRO),
                psi(dir + "/cpu.pressure"));
    }

    private static CgroupStats.Cpuset cpuset(String dir) {
        Map<String, Long> flags = new LinkedHashMap<>();
        for (String flag : CPUSET_FLAGS) {
            flags.put(flag, ControlFile.number(dir + "/cpuset." + flag).orElse(0L));
        }
        return new CgroupStats.Cpuset(listed(dir + "/cpuset.cpus"), listed(dir + "/cpuset.mems"), flags);
    }

    private static List<Integer> listed(String file) {
        return NumberList.of(ControlFile.text(file).orElse("")).bits().stream()
                .boxed()
                .toList();
    }

    private static List<Long> numbers(String file) {
        return ControlFile.text(file)
                .filter(text -> !text.isEmpty())
                .map(text -> Arrays.stream(text.split("\\s+"))
                        .map(ControlFile::parse)
                        .toList())
                .orElse(List.of());
    }

    private static CgroupStats.Memory memoryV1(String dir) {
        Map<String, Long> stat = ControlFile.entries(dir + "/memory.stat");
        return new CgroupStats.Memory(
                stat.getOrDefault("cache", 0L),
                useV1(dir, "memory"),
                useV1(dir, "memory.memsw"),
                useV1(dir, "memory.kmem"),
                useV1(dir, "memory.kmem.tcp"),
                stat,
                null);
    }

    private static Use useV1(String dir, String name) {
        String prefix = dir + "/" + name + ".";
        return new Use(
                ControlFile.number(prefix + "limit_in_bytes").orElse(0L),
                ControlFile.number(prefix + "usage_in_bytes").orElse(0L),
                ControlFile.number(prefix + "max_usage_in_bytes").orElse(0L),
                ControlFile.number(prefix + "failcnt").orElse(0L));
    }

    private static CgroupStats.Memory memoryV2(String dir) {
        Map<String, Long> stat = ControlFile.entries(dir + "/memory.stat");
        return new CgroupStats.Memory(
                stat.getOrDefault("file", 0L),
                useV2(
                        dir,
                        "memory",
                        ControlFile.entry(dir + "/memory.events", "max").orElse(0L)),
                useV2(
                        dir,
                        "memory.swap",
                        ControlFile.entry(dir + "/memory.swap.events", "max").orElse(0L)),
                Use.NONE,
                Use.NONE,
                stat,
                psi(dir + "/memory.pressure"));
    }

    private static Use useV2(String dir, String name, long failures) {
        String prefix = dir + "/" + name + ".";
        return new Use(
                ControlFile.number(prefix + "max").orElse(0L),
                ControlFile.number(prefix + "current").orElse(0L),
                ControlFile.number(prefix + "peak").orElse(0L),
                failures);
    }

    private static CgroupStats.Pids pids(String dir) {
        return new CgroupStats.Pids(
                ControlFile.number(dir + "/pids.current").orElse(0L),
                ControlFile.number(dir + "/pids.max").orElse(0L));
    }

    /** The scheduler's own counts where it has them, those of the throttle otherwise. */
    private static CgroupStats.BlockIo blockIoV1(String dir) {
        return new CgroupStats.BlockIo(
                entriesV1(dir, "io_service_bytes_recursive"), entriesV1(dir, "io_serviced_recursive"), null);
    }

    private static List<BlockIoEntry> entriesV1(String dir, String name) {
        for (String kind : List.of("bfq", "throttle")) {
            List<BlockIoEntry> entries = new ArrayList<>();
            for (String line : ControlFile.lines("%s/blkio.%s.%s".formatted(dir, kind, name))) {
                String[] parts = line.split("[ :]"); // "254:0 Read 4096", and at the end "Total 4096"
                if (parts.length == 4) {
                    entries.add(new BlockIoEntry(
                            Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2], Long.parseLong(parts[3])));
                }
            }
            if (!entries.isEmpty()) {
                return entries;
            }
        }
        return List.of();
    }

    private static CgroupStats.BlockIo blockIoV2(String dir) {
        List<BlockIoEntry> bytes = new ArrayList<>();
        List<BlockIoEntry> operations = new ArrayList<>();
        Map<String, String> byteNames = Map.of("rbytes", "Read", "wbytes", "Write", "dbytes", "Discard");
        Map<String, String> operationNames = Map.of("rios", "Read", "wios", "Write", "dios", "Discard");
        for (String line : ControlFile.lines(dir + "/io.stat")) { // "254:0 rbytes=4096 wbytes=0 rios=1 ..."
            String[] parts = line.split("[ :]");
            for (int i = 2; i < parts.length; i++) {
                String[] pair = parts[i].split("=");
                long major = Long.parseLong(parts[0]);
                long minor = Long.parseLong(parts[1]);
                if (byteNames.containsKey(pair[0])) {
                    bytes.add(new BlockIoEntry(major, minor, byteNames.get(pair[0]), Long.parseLong(pair[1])));
                } else if (operationNames.containsKey(pair[0])) {
                    operations.add(
                            new BlockIoEntry(major, minor, operationNames.get(pair[0]), Long.parseLong(pair[1])));
                }
            }
        }
        return new CgroupStats.BlockIo(bytes, operations, psi(dir + "/io.pressure"));
    }

    private static Map<String, CgroupStats.Hugetlb> hugetlb(Optional<String> dir) {
        Map<String, CgroupStats.Hugetlb> sizes = new LinkedHashMap<>();
        String[] files = dir.map(d -> Path.of(d).toFile().list()).orElse(new String[0]);
        for (String file : files == null ? new String[0] : files) {
            boolean v1 = file.endsWith(".usage_in_bytes");
            if (file.startsWith("hugetlb.") && !file.contains(".rsvd.") && (v1 || file.endsWith(".current"))) {
                String size = file.split("\\.")[1];
                String prefix = dir.get() + "/hugetlb." + size + ".";
                sizes.put(
                        size,
                        new CgroupStats.Hugetlb(
                                ControlFile.number(prefix + (v1 ? "usage_in_bytes" : "current"))
                                        .orElse(0L),
                                v1
                                        ? ControlFile.number(prefix + "max_usage_in_bytes")
                                                .orElse(0L)
                                        : 0,
                                v1
                                        ? ControlFile.number(prefix + "failcnt").orElse(0L)
                                        : ControlFile.entry(prefix + "events", "max")
                                                .orElse(0L)));
            }
        }
        return sizes;
    }

    private static Map<String, Map<String, Long>> rdma(String dir) {
        Map<String, Map<String, Long>> devices = new LinkedHashMap<>();
        for (String line : ControlFile.lines(dir + "/rdma.current")) { // "mlx4_0 hca_handle=2 hca_object=2000"
            String[] parts = line.split(" ");
            Map<String, Long> counts = new LinkedHashMap<>();
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].split("=");
                counts.put(pair[0], ControlFile.parse(pair[1]));
            }
            devices.put(parts[0], counts);
        }
        return devices;
    }

    /** Two lines, {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=0} and {@code full ...}. */
    private static Psi psi(String file) {
        Psi.Line none = new Psi.Line(0, 0, 0, 0);
        List<String> lines = ControlFile.lines(file);
        if (lines.isEmpty()) {
            return null;
        }
        Psi.Line some = none;
        Psi.Line full = none;
        for (String line : lines) {
            String[] parts = line.split("[ =]");
            Psi.Line read = new Psi.Line(
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[4]),
                    Double.parseDouble(parts[6]),
                    Long.parseLong(parts[8]));
            if (parts[0].equals("some")) {
                some = read;
            } else {
                full = read;
            }
        }
        return new Psi(some, full);
    }
}
