package dev.gantry.plan.compile;

import dev.gantry.plan.MountOptions;
import java.util.SortedSet;

/** What the planner understands, for those who ask before they write a config. */
public final class Features {
    private Features() {}

    /** Returns the mount options that are not the file system's own. */
    public static SortedSet<String> mountOptions() {
        return MountOptions.known();
    }
}
