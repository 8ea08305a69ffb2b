package dev.gantry.oci;

/**
 * Limits the use of an RDMA device.
 *
 * @param hcaHandles 0 to 2^32-1; null for no limit
 * @param hcaObjects 0 to 2^32-1; null for no limit
 */
public record Rdma(Long hcaHandles, Long hcaObjects) {}
