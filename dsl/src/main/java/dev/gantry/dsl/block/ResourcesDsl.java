package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Pids;
import dev.gantry.oci.Resources;
import groovy.transform.NamedParam;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The block {@code resources { }}: limits of the container's cgroup. What is not said is not limited. */
@Block("resources")
public final class ResourcesDsl extends DslSupport {
    private static final String UNLIMITED = "unlimited";
    private static final long NO_LIMIT = -1;
    private static final long PERIOD_MICROS = 100_000;
    private static final BigDecimal LEAST_CPUS = new BigDecimal("0.01"); // the kernel's least quota is 1 ms
    private static final long MIN_SHARES = 2;
    private static final long MAX_SHARES = 262_144;

    private final Resources.Builder builder;
    private final Map<String, Long> memoryLimits = new HashMap<>();
    private final Map<String, String> unifiedFiles = new LinkedHashMap<>();
    private Long shares;
    private Long quota;
    private String processors;
    private String memoryNodes;

    ResourcesDsl(Recorder recorder, Resources baseline) {
        super(recorder);
        this.builder = baseline.toBuilder();
    }

    @Keyword(value = "Limits memory.", example = "memory 256.MiB", byDefault = "no limit")
    public void memory(ByteSize size) {
        limitMemory("memory", "limit", size);
    }

    /** Does the same with a text such as {@code '256m'}, or {@code 'unlimited'}. */
    public void memory(String size) {
        limitMemory("memory", "limit", size);
    }

    /** Does the same with a number of bytes. */
    public void memory(long bytes) {
        limitMemory("memory", "limit", bytes);
    }

    @Keyword(value = "Limits memory and swap together.", example = "memorySwap 512.MiB")
    public void memorySwap(ByteSize size) {
        limitMemory("memorySwap", "swap", size);
    }

    /** Does the same with a text such as {@code '512m'}, or {@code 'unlimited'}. */
    public void memorySwap(String size) {
        limitMemory("memorySwap", "swap", size);
    }

    /** Does the same with a number of bytes. */
    public void memorySwap(long bytes) {
        limitMemory("memorySwap", "swap", bytes);
    }

    @Keyword(value = "Protects some memory when the machine runs short.", example = "memoryReservation 128.MiB")
    public void memoryReservation(ByteSize size) {
        limitMemory("memoryReservation", "reservation", size);
    }

    /** Does the same with a text such as {@code '128m'}. */
    public void memoryReservation(String size) {
        limitMemory("memoryReservation", "reservation", size);
    }

    /** Does the same with a number of bytes. */
    public void memoryReservation(long bytes) {
        limitMemory("memoryReservation", "reservation", bytes);
    }

    @Keyword(
            value = "Limits processor time to that of so many processors.",
            example = "cpus 1.5",
            byDefault = "no limit")
    public void cpus(Number count) {
        if (takesOnce("cpus", count)) {
            BigDecimal exact = new BigDecimal(count.toString());
            if (exact.compareTo(LEAST_CPUS) < 0) {
                wrong("cpus", count.toString(), "must be %s or more, not `%s`".formatted(LEAST_CPUS, count));
                return;
            }
            quota = exact.multiply(BigDecimal.valueOf(PERIOD_MICROS))
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValue();
            place("linux.resources.cpu.quota");
            place("linux.resources.cpu.period");
        }
    }

    @Keyword(value = "Weighs the container against others, from 2 to 262144; 1024 is usual.", example = "cpuShares 512")
    public void cpuShares(long weight) {
        if (takesOnce("cpuShares")) {
            if (weight < MIN_SHARES || weight > MAX_SHARES) {
                String range = "must be from %d to %d, not `%d`".formatted(MIN_SHARES, MAX_SHARES, weight);
                wrong("cpuShares", Long.toString(weight), range);
                return;
            }
            shares = weight;
            place("linux.resources.cpu.shares");
        }
    }

    /** Chooses processors and, with {@code mems:}, memory nodes. */
    @Keyword(value = "Chooses the processors to run on.", example = "cpuset '0-2,7'")
    public void cpuset(@NamedParam("mems") Map<String, ?> options, String list) {
        if (takesOnce("cpuset", list)) {
            processors = list;
            memoryNodes = Options.of(this, "cpuset", options).text("mems").orElse(null);
            place("linux.resources.cpu.cpus");
            place("linux.resources.cpu.mems");
        }
    }

    /** Chooses processors. */
    public void cpuset(String list) {
        cpuset(Map.of(), list);
    }

    @Keyword(value = "Limits the number of processes and threads.", example = "pids 128", byDefault = "no limit")
    public void pids(long limit) {
        if (takesOnce("pids")) {
            if (limit < 1) {
                wrong("pids", Long.toString(limit), "must be 1 or more, not `%d`".formatted(limit));
                return;
            }
            builder.pids(new Pids(limit));
            place("linux.resources.pids.limit");
        }
    }

    @Keyword(value = "Writes files of a cgroup v2.", example = "unified 'memory.high': '200M'")
    public void unified(Map<?, ?> files) {
        files.forEach((file, value) -> {
            if (takes("unified", value)) {
                unifiedFiles.put(file.toString(), value.toString());
                place("linux.resources.unified." + file);
                place("linux.resources.unified");
            }
        });
    }

    /** Allows or denies devices, after the rules before it; what is not said stands for all. */
    @Keyword(
            value = "Adds a rule about devices; the last that fits counts.",
            example = "deviceRule allow: true, type: 'c', major: 10, minor: 229, access: 'rwm'")
    public void deviceRule(
            @NamedParam("allow") @NamedParam("type") @NamedParam("major") @NamedParam("minor") @NamedParam("access")
                    Map<String, ?> options) {
        if (!options.containsKey("allow")) {
            wrong("deviceRule", "deviceRule", "needs `allow:`");
        }
        Options.of(this, "deviceRule", options);
        place("linux.resources.devices");
        recorder().additions().append("linux.resources.devices", options);
    }

    /** Sets the limits of the scheduler, in the terms of the specification; times are in microseconds. */
    @Keyword(
            value = "Sets quota, period, burst and idle of the scheduler, and, on cgroup v1, those of realtime"
                    + " threads.",
            example = "cpu quota: 50000, period: 100000")
    public void cpu(
            @NamedParam("quota")
                    @NamedParam("period")
                    @NamedParam("burst")
                    @NamedParam("idle")
                    @NamedParam("realtimeRuntime")
                    @NamedParam("realtimePeriod")
                    Map<String, ?> options) {
        members("cpu", "linux.resources.cpu", options);
    }

    /**
     * Sets what else there is to memory than its limits, in the terms of the specification; most is of cgroup v1 only.
     */
    public void memory(
            @NamedParam("kernel")
                    @NamedParam("kernelTCP")
                    @NamedParam("swappiness")
                    @NamedParam("disableOOMKiller")
                    @NamedParam("useHierarchy")
                    @NamedParam("checkBeforeUpdate")
                    Map<String, ?> options) {
        members("memory", "linux.resources.memory", options);
    }

    /** Weighs and throttles block devices; lists hold maps of major, minor and weight or rate. */
    @Keyword(
            value = "Weighs and throttles block devices.",
            example = "blockIO weight: 100, throttleReadBpsDevice: [[major: 8, minor: 0, rate: 10.MiB]]")
    public void blockIO(
            @NamedParam("weight")
                    @NamedParam("leafWeight")
                    @NamedParam("weightDevice")
                    @NamedParam("throttleReadBpsDevice")
                    @NamedParam("throttleWriteBpsDevice")
                    @NamedParam("throttleReadIOPSDevice")
                    @NamedParam("throttleWriteIOPSDevice")
                    Map<String, ?> options) {
        object("blockIO", "linux.resources.blockIO", options);
    }

    @Keyword(value = "Limits huge pages of one size.", example = "hugepageLimit '2MB', 64.MiB")
    public void hugepageLimit(String pageSize, ByteSize limit) {
        if (takes("hugepageLimit", pageSize, limit)) {
            place("linux.resources.hugepageLimits");
            recorder()
                    .additions()
                    .append("linux.resources.hugepageLimits", Map.of("pageSize", pageSize, "limit", limit));
        }
    }

    /** Marks packets with a class, and sets priorities by interface. */
    @Keyword(
            value = "Marks packets with a class and priorities; cgroup v1 only.",
            example = "network classID: 0x100001, priorities: [[name: 'eth0', priority: 5]]")
    public void network(@NamedParam("classID") @NamedParam("priorities") Map<String, ?> options) {
        object("network", "linux.resources.network", options);
    }

    @Keyword(value = "Limits the use of an RDMA device.", example = "rdma 'mlx5_1', hcaHandles: 3, hcaObjects: 10000")
    public void rdma(@NamedParam("hcaHandles") @NamedParam("hcaObjects") Map<String, ?> limits, String device) {
        if (takes("rdma", device)) {
            Options.of(this, "rdma", limits);
            place("linux.resources.rdma");
            recorder().additions().put("linux.resources.rdma", device, limits);
        }
    }

    /**
     * Records a limit.
     *
     * @param size a {@link ByteSize}, a text, or a number of bytes
     */
    private void limitMemory(String keyword, String property, Object size) {
        if (takesOnce(keyword, size)) {
            bytes(size).ifPresent(bytes -> {
                memoryLimits.put(property, bytes);
                place("linux.resources.memory." + property);
            });
        }
    }

    private Optional<Long> bytes(Object size) {
        return UNLIMITED.equals(size) ? Optional.of(NO_LIMIT) : size(size).map(ByteSize::bytes);
    }

    Resources build() {
        for (String member : List.of("quota", "period")) {
            placeOf(member).filter(place -> placeOf("cpus").isPresent()).ifPresent(place -> {
                String text = "resources: `%s` of `cpu` is set by `cpus`; hint: leave out one of them";
                recorder().mistake(place, Span.of("cpu", member), text.formatted(member));
            });
        }
        Long limit = memoryLimits.get("limit");
        Long swap = memoryLimits.get("swap");
        if (limit != null && swap != null && swap != NO_LIMIT && swap < limit) {
            recorder()
                    .mistake(
                            placeOf("memorySwap").orElseThrow(),
                            Span.of("memorySwap"),
                            "resources: `memorySwap` counts memory and swap together, it cannot be less than `memory`");
            swap = null; // reported; the validator need not report it again
        }
        if (!memoryLimits.isEmpty()) {
            Long reservation = memoryLimits.get("reservation");
            builder.memory(new Memory(limit, reservation, swap, null, null, null, null, null, null));
        }
        if (shares != null || quota != null || processors != null) {
            Long period = quota == null ? null : PERIOD_MICROS;
            builder.cpu(new Cpu(shares, quota, null, period, null, null, processors, memoryNodes, null));
        }
        return builder.unified(unifiedFiles).build();
    }
}
