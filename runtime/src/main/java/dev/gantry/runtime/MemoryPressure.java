package dev.gantry.runtime;

import java.util.Locale;

/** How hard it is for the kernel to find memory for a container. */
public enum MemoryPressure {
    /** It reclaims memory. */
    LOW,
    /** It swaps, or drops caches that are in use. */
    MEDIUM,
    /** It is about to run out. */
    CRITICAL;

    /** Returns the word of cgroup v1, {@code Documentation/admin-guide/cgroup-v1/memory.rst}, 11. */
    String v1Name() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the trigger of cgroup v2, {@code Documentation/accounting/psi.rst}: so long stalled in each second. */
    String v2Trigger() {
        return switch (this) {
            case LOW -> "some 70000 1000000";
            case MEDIUM -> "some 200000 1000000";
            case CRITICAL -> "full 200000 1000000";
        };
    }
}
