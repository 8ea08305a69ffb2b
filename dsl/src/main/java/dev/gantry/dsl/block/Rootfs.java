package dev.gantry.dsl.block;

import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.word.Called;
import dev.gantry.error.ContainerException;
import dev.gantry.files.RawPath;
import dev.gantry.image.ImageRoot;
import dev.gantry.image.Images;
import dev.gantry.plan.GantryAnnotations;
import java.util.Map;
import java.util.Optional;

/** What a container's files are: a value of scripts, which only hand it on to {@code rootfs}. */
@Called("a rootfs")
public final class Rootfs {
    private static final String STAND_IN = "rootfs";

    private final Kind kind;
    private final String path;
    private final Optional<ImageRoot> image;

    private Rootfs(Kind kind, String path, Optional<ImageRoot> image) {
        this.kind = kind;
        this.path = path;
        this.image = image;
    }

    /** The kinds of rootfs. */
    enum Kind {
        /** A copy-on-write view of the machine's own root. */
        HOST,
        /** An empty root in memory. */
        EMPTY,
        /** A directory of the host. */
        DIRECTORY,
        /** The layers of an image. */
        IMAGE
    }

    static Rootfs host() {
        return new Rootfs(Kind.HOST, STAND_IN, Optional.empty());
    }

    static Rootfs empty() {
        return new Rootfs(Kind.EMPTY, STAND_IN, Optional.empty());
    }

    static Rootfs directory(String path) {
        return new Rootfs(Kind.DIRECTORY, path, Optional.empty());
    }

    /**
     * Unpacks an image of this user, unless it is in a check.
     *
     * @param base from which relative paths count
     * @throws ContainerException if there is none, or something is wrong with it
     */
    static Rootfs image(String name, String base) {
        Optional<ImageRoot> unpacked = Rehearsal.current().isPresent()
                ? Optional.empty()
                : Optional.of(Images.ofUser(System.getenv()).root(name, RawPath.of(base)));
        return new Rootfs(Kind.IMAGE, STAND_IN, unpacked);
    }

    Kind kind() {
        return kind;
    }

    /** Returns the path of a directory of the host; a stand-in for the other kinds, since the OCI spec wants one. */
    String path() {
        return path;
    }

    /** Says of an image's process and in annotations what the script has not said. */
    void fill(ProcessDsl process, Map<String, String> annotations) {
        image.ifPresent(root -> {
            process.image(root);
            annotations.put(GantryAnnotations.LAYERS, String.join(":", root.layers()));
            root.annotations().forEach(annotations::putIfAbsent);
        });
    }

    /** Returns the value of {@link GantryAnnotations#ROOTFS}; empty for a directory. */
    Optional<String> annotation() {
        return switch (kind) {
            case HOST -> Optional.of(GantryAnnotations.HOST);
            case EMPTY -> Optional.of(GantryAnnotations.EMPTY);
            case IMAGE -> Optional.of(GantryAnnotations.IMAGE);
            case DIRECTORY -> Optional.empty();
        };
    }
}
