package dev.gantry.oci;

/**
 * Says how an interface that moves into the container is called there.
 *
 * @param name null keeps its name
 */
public record NetDevice(String name) {}
