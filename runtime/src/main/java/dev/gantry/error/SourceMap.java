package dev.gantry.error;

import java.util.Map;
import java.util.Optional;

/**
 * Tells which line of a script asked for a part of a config; empty for a config that was not made by a script.
 *
 * @param places by OCI path: {@code process.user}, {@code mounts[3]}
 */
public record SourceMap(Map<String, Place> places) {
    /** For a config that no script made. */
    public static final SourceMap NONE = new SourceMap(Map.of());

    public SourceMap {
        places = Map.copyOf(places);
    }

    /** Returns the place of the path itself, or of the nearest part around it. */
    public Optional<Place> find(String ociPath) {
        String path = ociPath;
        while (!path.isEmpty()) {
            Place place = places.get(path);
            if (place != null) {
                return Optional.of(place);
            }
            path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
        }
        return Optional.empty();
    }
}
