package dev.gantry.oci;

/**
 * Limits the number of tasks.
 *
 * @param limit negative for no limit; 0 lets the first process make no other; null leaves it as it is
 */
public record Pids(Long limit) {}
