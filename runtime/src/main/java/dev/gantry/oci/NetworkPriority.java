package dev.gantry.oci;

/**
 * Ranks the packets that leave through an interface.
 *
 * @param priority 0 to 2^32-1
 */
public record NetworkPriority(String name, Long priority) {}
