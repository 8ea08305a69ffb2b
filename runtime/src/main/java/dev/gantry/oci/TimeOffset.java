package dev.gantry.oci;

/**
 * Gives the distance of a clock from the host's.
 *
 * @param secs seconds, negative ones too; absent means 0
 * @param nanosecs 0 to 999999999, added; absent means 0
 */
public record TimeOffset(Long secs, Long nanosecs) {}
