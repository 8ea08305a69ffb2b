package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.LaunchOptions;
import java.util.ArrayList;
import java.util.List;

/** Reads mount destinations that were written as paths of the host below the container's root, as runc does. */
final class Destinations {
    private Destinations() {}

    /** Returns the config with destinations that count from the container's root, and warns of each that did not. */
    static OciConfig inRoot(OciConfig config, LaunchOptions options, Problems problems) {
        if (config.root() == null || config.root().path() == null) {
            return config;
        }
        String root = Paths.clean(options.resolve(config.root().path()));
        boolean isDirectory = !config.annotations().containsKey(GantryAnnotations.ROOTFS) && !root.equals("/");
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < config.mounts().size(); i++) {
            Mount mount = config.mounts().get(i);
            String path = mount.destination() == null ? "" : Paths.clean(mount.destination());
            if (isDirectory && path.startsWith(root + "/")) {
                String inside = path.substring(root.length());
                problems.warning(
                        "mounts[" + i + "].destination",
                        "`%s` is below the root on the host; `%s` in the container is meant"
                                .formatted(mount.destination(), inside));
                mount = mount.toBuilder().destination(inside).build();
            }
            mounts.add(mount);
        }
        return mounts.equals(config.mounts())
                ? config
                : config.toBuilder().mounts(mounts).build();
    }
}
