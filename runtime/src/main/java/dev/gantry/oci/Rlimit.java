package dev.gantry.oci;

/**
 * Sets one resource limit of a process.
 *
 * @param type such as {@code RLIMIT_NOFILE}; see {@link RlimitType}
 * @param hard unsigned 64 bits: -1 stands for 2^64-1, no limit
 * @param soft as {@code hard}
 */
public record Rlimit(String type, Long hard, Long soft) {}
