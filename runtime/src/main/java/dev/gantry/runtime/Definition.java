package dev.gantry.runtime;

import dev.gantry.oci.OciConfig;
import dev.gantry.plan.SourceMap;
import java.nio.file.Path;

/**
 * What a container is made from.
 *
 * @param bundle the directory against which relative paths of the config are resolved
 */
public record Definition(OciConfig config, SourceMap sources, Path bundle) {
    public Definition {
        bundle = bundle.toAbsolutePath().normalize();
    }

    /** Returns the definition of a config that no script made. */
    public static Definition of(OciConfig config, Path bundle) {
        return new Definition(config, SourceMap.NONE, bundle);
    }
}
