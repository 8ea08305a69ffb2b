package dev.gantry.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a cgroup has used, at one moment. A part whose controller the host lacks is empty or zero.
 *
 * @param hugetlb by page size, such as {@code 2MB}
 * @param rdma by device
 */
public record CgroupStats(
        Cpu cpu,
        Cpuset cpuset,
        Memory memory,
        Pids pids,
        BlockIo blkio,
        Map<String, Hugetlb> hugetlb,
        Map<String, Map<String, Long>> rdma) {
    public CgroupStats {
        hugetlb = Map.copyOf(hugetlb);
        rdma = Map.copyOf(rdma);
    }

    /**
     * Processor time; all times in nanoseconds.
     *
     * @param total of all processors
     * @param perCpu by processor; empty on cgroup v2, where {@code kernelPerCpu} and {@code userPerCpu} are too
     * @param psi null where the kernel measures no pressure
     */
    public record Cpu(
            long total,
            long kernel,
            long user,
            List<Long> perCpu,
            List<Long> kernelPerCpu,
            List<Long> userPerCpu,
            Throttling throttling,
            Psi psi) {
        public Cpu {
            perCpu = List.copyOf(perCpu);
            kernelPerCpu = List.copyOf(kernelPerCpu);
            userPerCpu = List.copyOf(userPerCpu);
        }
    }

    /**
     * What the quota has done.
     *
     * @param periods that began with something to do
     * @param throttledPeriods in which the quota ran out
     * @param throttledTime nanoseconds
     */
    public record Throttling(long periods, long throttledPeriods, long throttledTime) {}

    /**
     * Processors and memory nodes that may be used; empty on cgroup v2.
     *
     * @param flags by the kernel's names, such as {@code cpu_exclusive}, in runc's order; 0 where there is none
     */
    public record Cpuset(List<Integer> cpus, List<Integer> mems, Map<String, Long> flags) {
        public Cpuset {
            cpus = List.copyOf(cpus);
            mems = List.copyOf(mems);
            flags = Collections.unmodifiableMap(new LinkedHashMap<>(flags));
        }
    }

    /**
     * Memory; sizes in bytes.
     *
     * @param cache of files
     * @param usage of memory
     * @param swap of memory and swap together on cgroup v1, of swap alone on v2
     * @param raw the kernel's own statistics, by its names
     */
    public record Memory(long cache, Use usage, Use swap, Use kernel, Use kernelTcp, Map<String, Long> raw, Psi psi) {
        public Memory {
            raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
        }
    }

    /**
     * The use of something that has a limit.
     *
     * @param limit {@link Long#MAX_VALUE} if there is none
     * @param max the most there ever was
     * @param failures how often the limit was hit
     */
    public record Use(long limit, long usage, long max, long failures) {
        /** Nothing, without a limit to speak of. */
        public static final Use NONE = new Use(0, 0, 0, 0);
    }

    /**
     * Tasks.
     *
     * @param limit {@link Long#MAX_VALUE} if there is none
     */
    public record Pids(long current, long limit) {}

    /** Block I/O: bytes and operations by device and kind. */
    public record BlockIo(List<BlockIoEntry> bytes, List<BlockIoEntry> operations, Psi psi) {
        public BlockIo {
            bytes = List.copyOf(bytes);
            operations = List.copyOf(operations);
        }
    }

    /**
     * One count of one device: {@code Read}, {@code Write}, {@code Sync}, {@code Async}, {@code Discard},
     * {@code Total}.
     */
    public record BlockIoEntry(long major, long minor, String op, long value) {}

    /** Huge pages of one size, in bytes. */
    public record Hugetlb(long usage, long max, long failures) {}

    /** Pressure, as in {@code Documentation/accounting/psi.rst}. */
    public record Psi(Line some, Line full) {
        /** Shares of time in percent over the last 10, 60 and 300 s, and the total in microseconds. */
        public record Line(double avg10, double avg60, double avg300, long total) {}
    }
}
