package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The contents of a store, each once and under its digest, which was compared before it got there. */
final class BlobStore {
    private static final int BUFFER_BYTES = 1 << 17;

    private final StoreFiles files;

    BlobStore(StoreFiles files) {
        this.files = files;
    }

    Path path(Digest digest) {
        return files.blobs().resolve(digest.algorithm()).resolve(digest.hex());
    }

    boolean has(Descriptor wanted) {
        return Files.isRegularFile(path(wanted.digest()));
    }

    /**
     * Copies a content from a source, unless it is there. The caller has a shared lock on the store.
     *
     * @param what is done, for messages
     */
    @SuppressWarnings("try") // the lock is only held
    void fetch(String what, Source source, Descriptor wanted) {
        if (has(wanted)) {
            return;
        }
        String name = "blob-" + wanted.digest().hex();
        try (StoreLock lock = StoreLock.take(files.kernel(), files.work().resolve(name + ".lock"))) {
            if (!has(wanted)) {
                Path part = files.work().resolve(name);
                try {
                    copy(what, source, wanted, part);
                    StoreFiles.flush(part);
                    files.move(part, path(wanted.digest()));
                } finally {
                    Files.deleteIfExists(part);
                }
            }
        } catch (IOException e) {
            throw IoReason.failure("%s: copy `%s`".formatted(what, wanted.digest()), e);
        }
    }

    private static void copy(String what, Source source, Descriptor wanted, Path part) throws IOException {
        MessageDigest hasher = wanted.digest().hasher();
        long size = 0;
        try (InputStream in = source.open(wanted);
                OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                size += count;
                if (size > wanted.size()) {
                    throw wrongSize(what, wanted, "more than");
                }
                hasher.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        if (size < wanted.size()) {
            throw wrongSize(what, wanted, "less than");
        }
        Digest found = Digest.of(wanted.digest().algorithm(), hasher.digest());
        if (!found.equals(wanted.digest())) {
            throw mismatch(what, wanted.digest(), found);
        }
    }

    private static ContainerException wrongSize(String what, Descriptor wanted, String order) {
        return new ContainerException(
                ErrorKind.IMAGE,
                "%s: `%s` has %s the %d bytes that it should have"
                        .formatted(what, wanted.digest(), order, wanted.size()));
    }

    static ContainerException mismatch(String what, Digest wanted, Digest found) {
        return new ContainerException(
                ErrorKind.IMAGE, "%s: `%s` has another content, with the digest `%s`".formatted(what, wanted, found));
    }

    /** Returns a small content of the store, compared once more. */
    byte[] document(String what, Digest digest) {
        byte[] bytes;
        try {
            bytes = WholeFile.read(path(digest), Manifest.MAX_DOCUMENT_BYTES);
        } catch (IOException e) {
            throw IoReason.failure("%s: read `%s`".formatted(what, RawPath.text(path(digest))), e);
        }
        Digest found = Digest.of(digest.algorithm(), digest.hasher().digest(bytes));
        if (!found.equals(digest)) {
            throw mismatch(what, digest, found);
        }
        return bytes;
    }
}
