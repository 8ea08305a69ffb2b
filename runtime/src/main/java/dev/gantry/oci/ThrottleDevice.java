package dev.gantry.oci;

/**
 * Limits the rate of one block device.
 *
 * @param rate bytes or operations a second, after the list it stands in; 0 for no limit
 */
public record ThrottleDevice(Long major, Long minor, Long rate) {}
