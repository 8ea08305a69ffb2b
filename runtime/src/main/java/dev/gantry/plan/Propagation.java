package dev.gantry.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How mount events travel, mount_namespaces(7); the names with R go for everything below as well. */
public enum Propagation {
    /** Leaves it as it is. */
    UNCHANGED(0),
    UNBINDABLE(1 << 17),
    PRIVATE(1 << 18),
    SLAVE(1 << 19),
    SHARED(1 << 20),
    RUNBINDABLE(1 << 17),
    RPRIVATE(1 << 18),
    RSLAVE(1 << 19),
    RSHARED(1 << 20);

    private final int flag;

    Propagation(int flag) {
        this.flag = flag;
    }

    /** Returns the constant for a mount option such as {@code rslave}, if it is one. */
    static Optional<Propagation> of(String option) {
        return Arrays.stream(values())
                .filter(p -> p != UNCHANGED && p.name().toLowerCase(Locale.ROOT).equals(option))
                .findFirst();
    }

    /** Returns the {@code MS_*} bit, 0 for {@link #UNCHANGED}. */
    int flag() {
        return flag;
    }

    /**
     * Returns how the mounts of the host are seen before the container's root is one that has this propagation: all of
     * them, so that none that builds the root travels; shared only if the container's are to travel; and none of them
     * unbindable, or the root could not be bound.
     */
    public Propagation whileTheRootIsBuilt() {
        return switch (this) {
            case SHARED, RSHARED -> this;
            case PRIVATE, RPRIVATE, UNBINDABLE, RUNBINDABLE -> RPRIVATE;
            case UNCHANGED, SLAVE, RSLAVE -> RSLAVE;
        };
    }

    boolean recursive() {
        return name().startsWith("R");
    }
}
