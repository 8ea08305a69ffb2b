package dev.gantry.oci;

/**
 * Limits the number of tasks.
 *
 * @param limit -1 for no limit; null leaves it as it is
 */
public record Pids(Long limit) {}
