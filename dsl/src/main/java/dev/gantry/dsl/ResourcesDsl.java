package dev.gantry.dsl;

import dev.gantry.oci.Cpu;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Pids;
import dev.gantry.oci.Resources;
import groovy.transform.NamedParam;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The block {@code resources { }}: limits of the container's cgroup. What is not said is not limited. */
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

    @Keyword(value = "Limits memory.", example = "memory 256.MiB")
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

    @Keyword(value = "Limits processor time to that of so many processors.", example = "cpus 1.5")
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

    @Keyword(value = "Limits the number of processes and threads.", example = "pids 128")
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
        Long limit = memoryLimits.get("limit");
        Long swap = memoryLimits.get("swap");
        if (limit != null && swap != null && swap != NO_LIMIT && swap < limit) {
            recorder()
                    .mistake(
                            said("memorySwap").orElseThrow(),
                            "memorySwap",
                            "resources: `memorySwap` counts memory and swap together, it cannot be less than `memory`");
            swap = null; // told; the validator need not tell it again
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
