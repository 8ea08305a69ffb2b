package dev.gantry.plan;

import dev.gantry.error.Place;
import java.util.Optional;

/**
 * Why a step is in a plan: a property of the config, and the line of the script that set it.
 *
 * @param ociPath {@code linux.resources.memory.limit}, or {@code default} for what every container gets
 */
public record Origin(String ociPath, Optional<Place> place) {
    @Override
    public String toString() {
        return place.map(p -> ociPath + ", " + p).orElse(ociPath);
    }
}
