package dev.gantry.image;

import dev.gantry.files.RawPath;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A lock that processes have on one thing of the store, by a file that is there as long as somebody wants it. */
final class StoreLock implements AutoCloseable {
    private static final int OWNER_ONLY = 0600;

    private final Fd fd;
    private final Path file;

    private StoreLock(Fd fd, Path file) {
        this.fd = fd;
        this.file = file;
    }

    /** Takes it, waiting for the process that has it. Blocks. */
    static StoreLock take(Kernel kernel, Path file) throws IOException {
        for (; ; ) {
            Fd fd = kernel.create(RawPath.text(file), OWNER_ONLY, OpenFlag.RDWR);
            try {
                kernel.lock(fd);
                if (isStillThere(fd, file)) {
                    return new StoreLock(fd, file);
                }
                fd.close();
            } catch (IOException | RuntimeException e) {
                fd.close();
                throw e;
            }
        }
    }

    /** The one who had it before has removed the file when it was waited for. */
    private static boolean isStillThere(Fd fd, Path file) throws IOException {
        try {
            return Files.isSameFile(file, Path.of("/proc/self/fd/" + fd.number()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Gives it up, and removes the file. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            fd.close();
        }
    }
}
