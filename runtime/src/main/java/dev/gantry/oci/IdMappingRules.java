package dev.gantry.oci;

import java.util.List;
import java.util.function.ToLongFunction;

/** Judges lists of id mappings the way the kernel does, see user_namespaces(7). */
final class IdMappingRules {
    private static final int MAX_MAPPINGS = 340;
    private static final long IDS = 1L << 32;

    private IdMappingRules() {}

    static void check(List<IdMapping> mappings, Place place, String name) {
        boolean sound = true;
        for (int i = 0; i < mappings.size(); i++) {
            sound &= isSound(mappings.get(i), place.item(name, i));
        }
        if (mappings.size() > MAX_MAPPINGS) {
            place.member(name)
                    .error("`%s` has %d entries, the kernel takes %d".formatted(name, mappings.size(), MAX_MAPPINGS));
        } else if (sound) {
            disjoint(mappings, IdMapping::containerID, "container", place, name);
            disjoint(mappings, IdMapping::hostID, "host", place, name);
        }
    }

    private static boolean isSound(IdMapping mapping, Place place) {
        boolean complete = place.requires("containerID", mapping.containerID())
                & place.requires("hostID", mapping.hostID())
                & place.requires("size", mapping.size());
        if (!complete) {
            return false;
        }
        if (mapping.size() < 1) {
            place.member("size").error("`size` must be 1 or more");
            return false;
        }
        if (Math.max(mapping.containerID(), mapping.hostID()) + mapping.size() > IDS) {
            place.error("the range goes beyond id %d".formatted(IDS - 1));
            return false;
        }
        return true;
    }

    private static void disjoint(
            List<IdMapping> mappings, ToLongFunction<IdMapping> start, String side, Place place, String name) {
        for (int i = 1; i < mappings.size(); i++) {
            for (int j = 0; j < i; j++) {
                IdMapping one = mappings.get(i);
                IdMapping other = mappings.get(j);
                if (start.applyAsLong(one) < start.applyAsLong(other) + other.size()
                        && start.applyAsLong(other) < start.applyAsLong(one) + one.size()) {
                    place.item(name, i).error("%s ids overlap those of `%s[%d]`".formatted(side, name, j));
                }
            }
        }
    }
}
