package dev.gantry.plan;

import dev.gantry.oci.OciConfig;

/** Annotations by which a config says what OCI has no property for. Other runtimes ignore them. */
public final class GantryAnnotations {
    /** What the root is made of: {@link #HOST}, {@link #EMPTY}, or absent for the directory {@code root.path}. */
    public static final String ROOTFS = "dev.gantry.rootfs";

    /** A copy-on-write view of the machine's own root. */
    public static final String HOST = "host";

    /** An empty root in memory. */
    public static final String EMPTY = "empty";

    /** What the first process is: {@link #IDLE}, or absent for {@code process.args}. */
    public static final String INIT = "dev.gantry.init";

    /** Gantry's own first process, which reaps and waits. */
    public static final String IDLE = "idle";

    private GantryAnnotations() {}

    static boolean isIdle(OciConfig config) {
        return IDLE.equals(config.annotations().get(INIT));
    }
}
