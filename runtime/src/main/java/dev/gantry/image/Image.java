package dev.gantry.image;

import java.util.List;

/**
 * An image in the store.
 *
 * @param name under which it is kept
 * @param digest of its manifest
 */
public record Image(String name, Digest digest, long manifestBytes, Manifest manifest, ImageConfig config) {
    /** Returns how many bytes its layers have as they are packed. */
    public long bytes() {
        return manifest.layers().stream().mapToLong(Descriptor::size).sum();
    }

    /** Returns the digests of its layers, not packed, the lowest first. */
    public List<Digest> layers() {
        return config.diffIds();
    }
}
