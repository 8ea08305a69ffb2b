package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.RawPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a user calls an image by: a file or a directory that has it, or the name that it has in the store.
 *
 * @param path of the layout or archive; null for a name in the store
 * @param tag which of the images in there; empty for the only one
 * @param text the whole, with an absolute path; what the image is called in the store
 */
record ImageName(Kind kind, Path path, String tag, String text) {
    private static final Pattern STORED = Pattern.compile("[a-z0-9][a-zA-Z0-9._:/@-]{0,511}");

    /** The forms of names. */
    enum Kind {
        /** {@code oci:DIRECTORY[:TAG]}. */
        LAYOUT("oci:"),
        /** {@code oci-archive:FILE[:TAG]}. */
        LAYOUT_ARCHIVE("oci-archive:"),
        /** {@code docker-archive:FILE[:NAME]}. */
        DOCKER_ARCHIVE("docker-archive:"),
        /** A name in the store. */
        STORED("");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        String prefix() {
            return prefix;
        }
    }

    /**
     * Reads one.
     *
     * @param base from which a relative path counts
     * @throws ContainerException of kind CONFIG if it is no name of an image
     */
    static ImageName of(String text, Path base) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix)) {
                return kind == Kind.STORED ? stored(text) : file(kind, text.substring(kind.prefix.length()), base);
            }
        }
        throw new IllegalStateException("every text begins with nothing");
    }

    private static ImageName stored(String text) {
        if (!STORED.matcher(text).matches()) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "image `%s`: this is no name of an image".formatted(text),
                    "write `oci:DIRECTORY:TAG`, `oci-archive:FILE`, `docker-archive:FILE` or a name of `gantry images`",
                    null);
        }
        return new ImageName(Kind.STORED, null, "", text);
    }

    private static ImageName file(Kind kind, String place, Path base) {
        int colon = kind == Kind.LAYOUT ? place.lastIndexOf(':') : place.indexOf(':');
        boolean hasTag = colon > 0
                && place.indexOf('/', colon) < 0 | kind != Kind.LAYOUT
                && !Files.exists(RawPath.resolve(base, place));
        String name = hasTag ? place.substring(0, colon) : place;
        if (name.isEmpty()) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "image `%s%s`: a path is missing".formatted(kind.prefix, place));
        }
        Path path = RawPath.resolve(base, name).toAbsolutePath().normalize();
        String tag = hasTag ? place.substring(colon + 1) : "";
        String text = kind.prefix + RawPath.text(path) + (tag.isEmpty() ? "" : ":" + tag);
        return new ImageName(kind, path, tag, text);
    }
}
