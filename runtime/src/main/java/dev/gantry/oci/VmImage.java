package dev.gantry.oci;

/**
 * Names the root image of a virtual machine.
 *
 * @param path on the host, absolute
 */
public record VmImage(String path, VmImageFormat format) {}
