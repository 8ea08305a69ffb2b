package dev.gantry.store;

import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The containers that belong to this process: beside the state of each lies a file on which a lock is held for as long.
 * However the process ends, and whatever pid and mount namespaces it was in, the kernel releases its locks: a process
 * that gets one knows that the container belongs to nobody any more. Thread-safe.
 */
final class Leases implements AutoCloseable {
    private static final String FILE = "lease";
    private static final int OWNER_ONLY = 0600;

    private final Kernel kernel;
    private final Map<Path, Fd> held = new ConcurrentHashMap<>();

    Leases(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Makes the container of a directory that was just made this process's; nobody sees the file before it is locked.
     */
    void take(Path dir) throws IOException {
        Path next = dir.resolve(FILE + ".next");
        Fd fd = kernel.create(RawPath.text(next), OWNER_ONLY, OpenFlag.RDWR, OpenFlag.EXCL);
        try {
            kernel.lock(fd);
            Files.move(next, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | KernelException e) {
            fd.close();
            throw e;
        }
        Fd earlier = held.put(dir, fd);
        if (earlier != null) {
            earlier.close(); // another process has deleted that container
        }
    }

    /** Makes a container belong to nobody, no matter which process it belonged to. */
    void giveUp(Path dir) throws IOException {
        Files.deleteIfExists(dir.resolve(FILE));
        forget(dir);
    }

    /** Releases the lock on a container that is no more; nothing happens if it was another's, or nobody's. */
    void forget(Path dir) {
        Fd fd = held.remove(dir);
        if (fd != null) {
            fd.close();
        }
    }

    /** Returns whether the container belonged to a process that is gone; not, if to nobody. */
    boolean isOver(Path dir) {
        Path file = dir.resolve(FILE);
        try (Fd fd = kernel.open(RawPath.text(file))) {
            return kernel.tryLock(fd) && Files.isSameFile(file, Path.of("/proc/self/fd/" + fd.number()));
        } catch (IOException e) {
            return false; // given up meanwhile
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Releases all locks, as the end of the process would. */
    @Override
    public void close() {
        held.keySet().forEach(this::forget);
    }
}
