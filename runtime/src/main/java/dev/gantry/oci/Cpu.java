package dev.gantry.oci;

/**
 * Limits processor time; times in microseconds.
 *
 * @param shares weight on the scale of cgroup v1, 2 to 262144
 * @param quota per period; -1 for no limit
 * @param burst what unused quota may add up to
 * @param realtimeRuntime cgroup v1 only
 * @param realtimePeriod cgroup v1 only
 * @param cpus a list such as {@code 0-2,7}
 * @param mems a list of memory nodes
 * @param idle 1 for the idle class, 0 for the normal one
 */
public record Cpu(
        Long shares,
        Long quota,
        Long burst,
        Long period,
        Long realtimeRuntime,
        Long realtimePeriod,
        String cpus,
        String mems,
        Long idle) {}
