package dev.gantry.oci;

/**
 * Maps a range of ids of a user namespace to ids outside of it.
 *
 * @param containerID first id inside, 0 to 2^32-1
 * @param hostID first id outside, 0 to 2^32-1
 * @param size how many ids, 1 to 2^32-1
 */
public record IdMapping(Long containerID, Long hostID, Long size) {}
