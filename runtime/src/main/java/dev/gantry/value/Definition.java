package dev.gantry.value;

import dev.gantry.error.SourceMap;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.OciConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a container is made from.
 *
 * @param bundle the directory against which relative paths of the config are resolved
 * @param callbacks code of this process that stands for hooks; it is no part of the config and gone with the process
 */
public record Definition(
        OciConfig config, SourceMap sources, Path bundle, Map<HookPoint, List<HookCallback>> callbacks) {
    public Definition {
        bundle = bundle.toAbsolutePath().normalize();
        callbacks = Map.copyOf(callbacks);
    }

    /** Creates a definition without callbacks. */
    public Definition(OciConfig config, SourceMap sources, Path bundle) {
        this(config, sources, bundle, Map.of());
    }

    /** Returns the definition of a config that no script made. */
    public static Definition of(OciConfig config, Path bundle) {
        return new Definition(config, SourceMap.NONE, bundle);
    }

    /**
     * Returns the same with one more callback at a point, after the config's own hooks and earlier callbacks.
     *
     * @param point one whose hooks run on the host
     * @throws IllegalArgumentException if its hooks run in the container, where this process cannot be
     */
    public Definition callingAt(HookPoint point, HookCallback callback) {
        if (point.isInContainer()) {
            throw new IllegalArgumentException(
                    "a %s hook runs in the container and must be a program".formatted(point.ociName()));
        }
        Map<HookPoint, List<HookCallback>> all = new EnumMap<>(HookPoint.class);
        all.putAll(callbacks);
        List<HookCallback> atPoint = new ArrayList<>(callbacks(point));
        atPoint.add(callback);
        all.put(point, List.copyOf(atPoint));
        return new Definition(config, sources, bundle, all);
    }

    /** Returns the same with another config. */
    public Definition with(OciConfig other) {
        return new Definition(other, sources, bundle, callbacks);
    }

    /** Returns the callbacks of a point, in order. */
    public List<HookCallback> callbacks(HookPoint point) {
        return callbacks.getOrDefault(point, List.of());
    }

    /** Returns the points at which there are callbacks. */
    public Set<HookPoint> calledPoints() {
        return callbacks.keySet();
    }
}
