package dev.gantry.plan;

/**
 * An entry of the host's root directory.
 *
 * @param name without a slash
 * @param link where it leads, if it is a symlink; else null, and it is a directory
 * @param hasMounts whether anything is mounted below it
 */
public record TopDirectory(String name, String link, boolean hasMounts) {}
