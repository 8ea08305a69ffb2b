package dev.gantry.oci;

/**
 * Describes a device node in the container.
 *
 * @param path absolute, as the container sees it
 * @param major null for a FIFO
 * @param minor null for a FIFO
 * @param fileMode permission bits, and perhaps type bits, which do not count; absent means 0666
 * @param uid absent means 0
 * @param gid absent means 0
 */
public record Device(DeviceType type, String path, Long major, Long minor, Long fileMode, Long uid, Long gid) {}
