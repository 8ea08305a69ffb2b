package dev.gantry.oci;

/**
 * Allows or denies the use of devices.
 *
 * @param allow absent means false
 * @param type absent means all
 * @param major null or -1 means any
 * @param minor null or -1 means any
 * @param access letters out of {@code rwm}: read, write, mknod; null means all
 */
public record DeviceRule(Boolean allow, DeviceRuleType type, Long major, Long minor, String access) {}
