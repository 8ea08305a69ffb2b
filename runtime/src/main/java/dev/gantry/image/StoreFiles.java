package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.FileStamp;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.image.layer.TreeRemoval;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directories of a store, and which processes may use them at the same time. A process that adds something has a
 * shared lock on the store; one that removes something that others may be about to use has an exclusive one, and then
 * nothing in {@code work} is anybody's.
 */
final class StoreFiles {
    private static final int OWNER_ONLY = 0600;

    private final Kernel kernel;
    private final Path root;

    StoreFiles(Kernel kernel, Path root) {
        this.kernel = kernel;
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    /** Returns where finished layers are. */
    Path trees() {
        return root.resolve("tree");
    }

    /** Returns where everything is made before it gets its place by one rename. */
    Path work() {
        return root.resolve("work");
    }

    Path leases() {
        return root.resolve("leases");
    }

    /** Makes the store, for its owner alone: set-id programs of images lie in it. */
    void make() {
        try {
            Files.createDirectories(root.toAbsolutePath().getParent());
            if (!Files.exists(root)) {
                makeDirectory(root);
            }
            FileStamp stamp = FileStamp.of(root);
            if (stamp.uid() != kernel.effectiveUid() || (stamp.mode() & 0077) != 0) {
                throw new ContainerException(
                        ErrorKind.IO,
                        "open image store `%s`: other users can enter it, or it is another user's"
                                .formatted(RawPath.text(root)),
                        "make it yours and its mode 0700, or name another one by GANTRY_IMAGES",
                        null);
            }
            for (Path directory :
                    List.of(blobs(), blobs().resolve("sha256"), blobs().resolve("sha512"), trees(), work(), leases())) {
                if (!Files.exists(directory)) {
                    makeDirectory(directory);
                }
            }
        } catch (IOException e) {
            throw IoReason.failure("make image store `%s`".formatted(RawPath.text(root)), e);
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (java.nio.file.FileAlreadyExistsException e) {
            return; // another process was first
        }
    }

    boolean exists() {
        return Files.isDirectory(root);
    }

    /** Takes a shared lock, after what killed processes have left was removed if nobody else is here. May block. */
    Fd share() throws IOException {
        Fd fd = open("busy");
        try {
            if (!isEmpty(work()) && kernel.tryLock(fd)) {
                clear(work());
            }
            kernel.lockShared(fd);
            return fd;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** Takes the exclusive lock, and removes what was not finished. Blocks until nobody adds anything. */
    Fd own() throws IOException {
        Fd fd = open("busy");
        try {
            kernel.lock(fd);
            clear(work());
            return fd;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** Takes the lock on the list of images. May block, for a moment. */
    Fd lockIndex() {
        Fd fd = open("lock");
        try {
            kernel.lock(fd);
            return fd;
        } catch (KernelException e) {
            fd.close();
            throw e;
        }
    }

    private Fd open(String name) {
        return kernel.create(RawPath.text(root.resolve(name)), OWNER_ONLY, OpenFlag.RDWR);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    private void clear(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                remove(entry);
            }
        }
    }

    /** Removes a file or a whole tree; nothing happens if there is none. */
    void remove(Path entry) throws IOException {
        try (Fd directory = kernel.open(RawPath.text(entry.getParent()), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            TreeRemoval.remove(kernel, directory, RawPath.text(entry.getFileName()));
        }
    }

    /** Writes a small file that replaces the one of its name at once, if that is there. */
    void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, content);
        flush(next);
        move(next, file);
    }

    /** Makes sure that the content of a file is on the device. */
    static void flush(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes sure that a tree is on the device, with all that others write to the same file system. */
    void flushTree(Path directory) {
        try (Fd fd = kernel.open(RawPath.text(directory), OpenFlag.DIRECTORY)) {
            kernel.entries().sync(fd);
        }
    }

    /** Gives something its place, by one rename that outlives a crash. */
    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            return; // it is gone again
        }
    }

    Kernel kernel() {
        return kernel;
    }
}
