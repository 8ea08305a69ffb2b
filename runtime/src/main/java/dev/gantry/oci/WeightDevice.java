package dev.gantry.oci;

/**
 * Gives a block device a weight of its own.
 *
 * @param weight 10 to 1000
 * @param leafWeight 10 to 1000, cgroup v1 only
 */
public record WeightDevice(Long major, Long minor, Integer weight, Integer leafWeight) {}
