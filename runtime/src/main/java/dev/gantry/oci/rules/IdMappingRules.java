package dev.gantry.oci.rules;

import dev.gantry.oci.IdMapping;
import java.util.List;

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
            disjoint(mappings, place, name);
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

    private static void disjoint(List<IdMapping> mappings, Place place, String name) {
        for (int i = 1; i < mappings.size(); i++) {
            IdMapping one = mappings.get(i);
            for (int j = 0; j < i; j++) {
                IdMapping other = mappings.get(j);
                if (overlap(one.containerID(), one.size(), other.containerID(), other.size())) {
                    place.item(name, i).error("container ids overlap those of `%s[%d]`".formatted(name, j));
                }
                if (overlap(one.hostID(), one.size(), other.hostID(), other.size())) {
                    place.item(name, i).error("host ids overlap those of `%s[%d]`".formatted(name, j));
                }
            }
        }
    }

    private static boolean overlap(long start, long size, long otherStart, long otherSize) {
        return start < otherStart + otherSize && otherStart < start + size;
    }
}
