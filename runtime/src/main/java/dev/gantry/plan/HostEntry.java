package dev.gantry.plan;

import java.util.List;

/**
 * A directory of the host's, or a link to one, as a root that is a view of the host shows it in a user namespace.
 *
 * @param path absolute, without links but the last name
 * @param kind how it is shown
 * @param link where it leads, if it is a link; else null
 * @param mode its permission bits
 * @param inside what is in a directory that is {@link Kind#SPLIT}
 */
public record HostEntry(String path, Kind kind, String link, int mode, List<HostEntry> inside) {
    /** How an entry is shown. */
    public enum Kind {
        /** As a layer: nothing is mounted below it. */
        LAYER,
        /** As a layer without what is mounted below it, which only root of the machine can leave out. */
        WITHOUT_MOUNTS,
        /** As a new directory with some of what is in it. */
        SPLIT,
        /** As a new directory with nothing in it. */
        EMPTY,
        /** As the same link. */
        LINK
    }

    public HostEntry {
        inside = List.copyOf(inside);
    }

    /** Returns a directory that is not looked into. */
    public static HostEntry directory(String path, Kind kind, int mode) {
        return new HostEntry(path, kind, null, mode, List.of());
    }

    /** Returns a new directory with those in it. */
    public static HostEntry split(String path, int mode, List<HostEntry> inside) {
        return new HostEntry(path, Kind.SPLIT, null, mode, inside);
    }

    /** Returns a link. */
    public static HostEntry link(String path, String target) {
        return new HostEntry(path, Kind.LINK, target, 0777, List.of());
    }
}
