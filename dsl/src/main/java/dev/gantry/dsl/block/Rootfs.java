package dev.gantry.dsl.block;

import dev.gantry.dsl.word.Called;
import dev.gantry.plan.GantryAnnotations;
import java.util.Optional;

/**
 * What a container's files are.
 *
 * @param path of a directory of the host; a stand-in for the other kinds, since the OCI specification wants one
 */
@Called("a rootfs")
public record Rootfs(Kind kind, String path) {
    private static final String STAND_IN = "rootfs";

    /** The kinds of rootfs. */
    enum Kind {
        /** A copy-on-write view of the machine's own root. */
        HOST,
        /** An empty root in memory. */
        EMPTY,
        /** A directory of the host. */
        DIRECTORY
    }

    static Rootfs host() {
        return new Rootfs(Kind.HOST, STAND_IN);
    }

    static Rootfs empty() {
        return new Rootfs(Kind.EMPTY, STAND_IN);
    }

    static Rootfs directory(String path) {
        return new Rootfs(Kind.DIRECTORY, path);
    }

    /** Returns the value of {@link GantryAnnotations#ROOTFS}; empty for a directory. */
    Optional<String> annotation() {
        return switch (kind) {
            case HOST -> Optional.of(GantryAnnotations.HOST);
            case EMPTY -> Optional.of(GantryAnnotations.EMPTY);
            case DIRECTORY -> Optional.empty();
        };
    }
}
