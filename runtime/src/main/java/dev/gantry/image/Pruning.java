package dev.gantry.image;

import dev.gantry.files.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** One removal of what is not needed, by the process that has the store for itself. */
final class Pruning {
    private final StoreFiles files;
    private final BlobStore blobs;
    private final List<Image> images;
    private int removed;

    Pruning(StoreFiles files, BlobStore blobs, List<Image> images) {
        this.files = files;
        this.blobs = blobs;
        this.images = images;
    }

    int run() throws IOException {
        Set<Path> needed = new HashSet<>();
        for (Image image : images) {
            needed.add(blobs.path(image.digest()));
            needed.add(blobs.path(image.manifest().config().digest()));
            image.manifest().layers().forEach(layer -> needed.add(blobs.path(layer.digest())));
            TreeStore.names(image.layers())
                    .forEach(name -> needed.add(files.trees().resolve(name)));
        }
        needed.addAll(new LayerLeases(files).held());
        for (Path blob : entries(files.blobs().resolve("sha256"))) {
            removeUnless(needed, blob);
        }
        for (Path blob : entries(files.blobs().resolve("sha512"))) {
            removeUnless(needed, blob);
        }
        for (Path tree : entries(files.trees())) {
            removeUnless(needed, tree);
        }
        return removed;
    }

    /** It loses its name first, or a half of it would be taken for a layer. */
    private void removeUnless(Set<Path> needed, Path entry) throws IOException {
        if (!needed.contains(entry)) {
            Path dead = files.work().resolve("dead-" + RawPath.text(entry.getFileName()));
            files.move(entry, dead);
            files.remove(dead);
            removed++;
        }
    }

    static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }
}
