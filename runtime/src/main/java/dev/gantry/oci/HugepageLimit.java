package dev.gantry.oci;

/**
 * Limits the use of huge pages of one size.
 *
 * @param pageSize such as {@code 2MB}
 * @param limit bytes, unsigned 64 bits: -1 stands for 2^64-1, no limit
 */
public record HugepageLimit(String pageSize, Long limit) {}
