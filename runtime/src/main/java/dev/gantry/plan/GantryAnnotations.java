package dev.gantry.plan;

import dev.gantry.oci.OciConfig;
import java.util.List;

/**
 * Annotations by which a config says what OCI has no property for. Other runtimes ignore them. All are listed in
 * {@code docs/annotations.md}.
 */
public final class GantryAnnotations {
    /**
     * What the root is made of: {@link #HOST}, {@link #EMPTY}, {@link #IMAGE}, or absent for the directory
     * {@code root.path}.
     */
    public static final String ROOTFS = "dev.gantry.rootfs";

    /** A copy-on-write view of the machine's own root. */
    public static final String HOST = "host";

    /** An empty root in memory. */
    public static final String EMPTY = "empty";

    /** The layers of an image, {@link #LAYERS}. */
    public static final String IMAGE = "image";

    /** The host paths of an image's layers, the topmost first, with colons between them. */
    public static final String LAYERS = "dev.gantry.layers";

    /** What the first process is: {@link #IDLE}, or absent for {@code process.args}. */
    public static final String INIT = "dev.gantry.init";

    /** Gantry's own first process, which reaps and waits. */
    public static final String IDLE = "idle";

    /** What the container's processes may do of what Landlock can tell apart, as JSON: see {@link Landlock}. */
    public static final String LANDLOCK = "dev.gantry.landlock";

    /** The ports of this machine that lead to ports in a container of a script. */
    public static final String PUBLISH = "dev.gantry.publish";

    /**
     * Those that scripts set, and by which a container is something else than its image: a config that others wrote is
     * not trusted with them. Engines copy annotations from an image into the config.
     */
    public static final List<String> OF_SCRIPTS = List.of(ROOTFS, INIT, LAYERS);

    private GantryAnnotations() {}

    /** Returns whether a config's root is a view of the machine's own. */
    public static boolean isViewOfHost(OciConfig config) {
        return HOST.equals(config.annotations().get(ROOTFS));
    }

    /** Returns the host paths of the layers of which a config's root is made; empty if it is made otherwise. */
    public static List<String> layers(OciConfig config) {
        String layers = config.annotations().getOrDefault(LAYERS, "");
        boolean isImage = IMAGE.equals(config.annotations().get(ROOTFS)) && !layers.isEmpty();
        return isImage ? List.of(layers.split(":")) : List.of();
    }

    public static boolean isIdle(OciConfig config) {
        return IDLE.equals(config.annotations().get(INIT));
    }
}
