package dev.gantry.oci;

/** Shifts the clocks of a time namespace. */
public record TimeOffsets(TimeOffset boottime, TimeOffset monotonic) {}
