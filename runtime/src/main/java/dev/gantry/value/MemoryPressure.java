package dev.gantry.value;

/** How hard it is for the kernel to find memory for a container. */
public enum MemoryPressure {
    /** It reclaims memory. */
    LOW,
    /** It swaps, or drops caches that are in use. */
    MEDIUM,
    /** It is about to run out. */
    CRITICAL
}
