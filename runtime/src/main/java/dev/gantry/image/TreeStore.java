package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.image.layer.Compression;
import dev.gantry.image.layer.LayerUnpacker;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The unpacked layers of a store. What a layer's files are depends on those below it: a path may lead through a link of
 * one, and a directory that is only passed has its attributes. So a layer is kept under the chain of digests up to it,
 * as the image specification names it, and images that begin with the same layers share them.
 */
final class TreeStore {
    private static final int NAME_LENGTH = 32; // of many layers the paths must fit into one option of mount(2)

    private final StoreFiles files;
    private final BlobStore blobs;

    TreeStore(StoreFiles files, BlobStore blobs) {
        this.files = files;
        this.blobs = blobs;
    }

    /** Returns the names of the directories of an image's layers, the lowest first. */
    static List<String> names(List<Digest> diffIds) {
        List<String> names = new ArrayList<>();
        Digest chain = null;
        for (Digest layer : diffIds) {
            chain = chain == null ? layer : Digest.sha256((chain + " " + layer).getBytes(StandardCharsets.UTF_8));
            names.add(chain.hex().substring(0, NAME_LENGTH));
        }
        return names;
    }

    /**
     * Unpacks the layers of an image that are not yet. The caller has a shared lock on the store.
     *
     * @param what is done, for messages
     * @return their host paths, the topmost first, as overlayfs takes them
     */
    List<String> unpack(String what, Image image) {
        List<Digest> diffIds = image.layers();
        List<Descriptor> packed = image.manifest().layers();
        if (diffIds.size() != packed.size()) {
            throw new ContainerException(
                    ErrorKind.IMAGE,
                    "%s: its config has %d layers and its manifest %d".formatted(what, diffIds.size(), packed.size()));
        }
        List<String> names = names(diffIds);
        List<String> lower = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Path tree = files.trees().resolve(names.get(i));
            if (!Files.isDirectory(tree)) {
                unpack(what, packed.get(i), diffIds.get(i), tree, lower);
            }
            lower.add(0, RawPath.text(tree));
        }
        return lower;
    }

    @SuppressWarnings("try") // the lock is only held
    private void unpack(String what, Descriptor packed, Digest diffId, Path tree, List<String> lower) {
        String name = "tree-" + tree.getFileName();
        String operation = "%s: unpack layer `%s`".formatted(what, packed.digest());
        try (StoreLock lock = StoreLock.take(files.kernel(), files.work().resolve(name + ".lock"))) {
            if (Files.isDirectory(tree)) {
                return; // by another process, meanwhile
            }
            Path part = files.work().resolve(name);
            try {
                files.remove(part);
                files.kernel().makeDirectory(RawPath.text(part), 0755);
                fill(operation, packed, diffId, part, lower);
                files.flushTree(part);
                files.move(part, tree);
            } finally {
                files.remove(part);
            }
        } catch (IOException e) { // of what is not the kernel's error the archive is the reason
            ErrorKind kind = IoReason.errno(e).isPresent() ? ErrorKind.IO : ErrorKind.IMAGE;
            throw new ContainerException(kind, "%s: %s".formatted(operation, IoReason.of(e)), e);
        } catch (KernelException e) {
            throw new ContainerException(ErrorKind.KERNEL, "%s: %s".formatted(operation, e.getMessage()), e);
        }
    }

    private void fill(String operation, Descriptor packed, Digest diffId, Path part, List<String> lower)
            throws IOException {
        MessageDigest hasher = diffId.hasher();
        try (InputStream blob = Files.newInputStream(blobs.path(packed.digest()));
                InputStream archive = new DigestInputStream(Compression.unpacked(blob), hasher)) {
            LayerUnpacker.unpack(files.kernel(), archive, RawPath.text(part), lower);
        }
        Digest found = Digest.of(diffId.algorithm(), hasher.digest());
        if (!found.equals(diffId)) {
            throw BlobStore.mismatch(operation, diffId, found);
        }
    }
}
