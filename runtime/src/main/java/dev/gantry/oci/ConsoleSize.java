package dev.gantry.oci;

/**
 * Gives the size of a terminal.
 *
 * @param height rows
 * @param width columns
 */
public record ConsoleSize(Long height, Long width) {}
