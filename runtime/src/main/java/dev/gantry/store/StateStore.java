package dev.gantry.store;

import dev.gantry.error.ConfigException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.json.Json;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.value.ContainerId;
import dev.gantry.value.ContainerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state root: one directory a container, readable by its owner only.
 *
 * <p>The directory's existence is what reserves an id. {@code state.json} is replaced by rename and so is always whole;
 * it is not synced to disk, since no container outlives the kernel that runs it. Who changes a container holds the lock
 * of its directory, so any number of processes may work on one state root.
 */
public final class StateStore implements AutoCloseable {
    public static final String EXEC_FIFO = "exec.fifo";
    public static final String REPORT_FIFO = "report.fifo";
    private static final String CACHE = ".cache";
    private static final String STATE = "state.json";
    private static final String CONFIG = "config.json";
    private static final String SCRATCH = "rootfs";

    private final Kernel kernel;
    private final Path root;
    private final StateRoot access;
    private final Leases leases;

    public StateStore(Kernel kernel, Path root) {
        this.kernel = kernel;
        this.root = root.toAbsolutePath().normalize();
        this.access = new StateRoot(kernel.effectiveUid(), System.getenv());
        access.verify(this.root);
        this.leases = new Leases(kernel);
    }

    Path root() {
        return root;
    }

    public Path dir(String id) {
        return root.resolve(id);
    }

    /** A directory that no container can be called after, for what is worth keeping from one to the next. */
    public Path cache(String name) {
        return root.resolve(CACHE).resolve(name);
    }

    /** The directory in which a root that is no directory of the host is put together. */
    public Path scratch(String id) {
        return dir(id).resolve(SCRATCH);
    }

    /**
     * Reserves the id and locks it. Between the two somebody may delete the directory, and somebody else make it again:
     * of those who hold a lock on what is there, the first has the id.
     */
    public Fd reserve(String id) {
        ContainerId.check(id);
        for (; ; ) {
            makeDirectory(id);
            Optional<Fd> lock = lockIfThere(id);
            if (lock.isEmpty()) {
                continue;
            }
            if (!Files.exists(dir(id).resolve(STATE))) {
                return lock.get();
            }
            lock.get().close();
            throw taken(id, null);
        }
    }

    private void makeDirectory(String id) {
        try {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(access.permissions())));
            access.verify(root);
            Files.createDirectory(
                    dir(id), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw taken(id, e);
        } catch (IOException e) {
            throw access.unusable("create `%s`".formatted(id), "make `%s`".formatted(RawPath.text(dir(id))), e);
        }
    }

    private static ContainerException taken(String id, Throwable cause) {
        return new ContainerException(
                "create `%s`".formatted(id),
                ErrorKind.ALREADY_EXISTS,
                "container with given ID already exists",
                "choose another id, or delete it first",
                cause);
    }

    /** Waits for the container to be nobody else's, until the result is closed. */
    private Fd lock(String id) {
        ContainerId.check(id);
        return lockIfThere(id).orElseThrow(() -> missing(id));
    }

    private Optional<Fd> lockIfThere(String id) {
        for (; ; ) {
            Fd fd;
            try {
                fd = kernel.open(RawPath.text(dir(id)), OpenFlag.DIRECTORY);
            } catch (KernelException e) {
                if (e.errno() == Errno.ENOENT) {
                    return Optional.empty();
                }
                throw e;
            }
            kernel.lock(fd);
            if (isStill(id, fd)) {
                return Optional.of(fd);
            }
            fd.close(); // deleted, perhaps made again, while we waited
        }
    }

    /** Returns whether somebody changes the container now. */
    public boolean isBusy(String id) {
        ContainerId.check(id);
        try (Fd fd = kernel.open(RawPath.text(dir(id)), OpenFlag.DIRECTORY)) {
            return !kernel.tryLock(fd);
        } catch (KernelException e) {
            return false; // it is not there, or cannot be reached: taking the lock reports that
        }
    }

    /** Does something while nobody else changes the container. */
    public void locked(String id, Runnable change) {
        Fd lock = lock(id);
        try {
            change.run();
        } finally {
            lock.close();
        }
    }

    private boolean isStill(String id, Fd fd) {
        try {
            return Files.isSameFile(dir(id), Path.of("/proc/self/fd/" + fd.number()));
        } catch (IOException e) {
            return false;
        }
    }

    public void writeConfig(String id, OciConfig config) {
        writeConfig(id, config, () -> {});
    }

    /**
     * Replaces the config by one that holds from a change on.
     *
     * @param change made when the new config is on the disk; if it throws, the old one stays
     */
    public void writeConfig(String id, OciConfig config, Runnable change) {
        byte[] text = OciWriter.text(config).getBytes(StandardCharsets.UTF_8);
        replace(dir(id).resolve(CONFIG), text, change);
    }

    public OciConfig readConfig(String id) {
        Path file = dir(id).resolve(CONFIG);
        try {
            return OciReader.parse(content(file), CONFIG);
        } catch (NoSuchFileException e) {
            throw exists(id) ? damaged(id, file, "it is missing", e) : missing(id);
        } catch (ConfigException e) {
            throw damaged(id, file, e.getMessage(), e);
        } catch (IOException e) {
            throw IoReason.failure("read `%s`".formatted(RawPath.text(file)), e);
        }
    }

    public void writeState(ContainerState state) {
        replace(dir(state.id()).resolve(STATE), StateFile.toJson(state), () -> {});
    }

    /** Makes a container that was just reserved belong to this process. */
    public void takeLease(String id) {
        try {
            leases.take(dir(id));
        } catch (IOException e) {
            throw IoReason.failure("create `%s`".formatted(id), null, e);
        }
    }

    /** Returns whether the container belonged to a process that is gone. */
    public boolean isAbandoned(String id) {
        return leases.isOver(dir(id));
    }

    /** Lets a container belong to nobody. */
    public void removeLease(String id) {
        try {
            leases.giveUp(dir(id));
        } catch (IOException e) {
            throw IoReason.failure("keep `%s`".formatted(id), e);
        }
    }

    /** Returns the state, or empty if there is no such container or only the beginning of one. */
    public Optional<ContainerState> readState(String id) {
        ContainerId.check(id);
        Path file = dir(id).resolve(STATE);
        try {
            return Optional.of(StateFile.fromJson(content(file), id));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (ConfigException e) {
            throw damaged(id, file, e.getMessage(), e);
        } catch (IOException e) {
            throw IoReason.failure("read `%s`".formatted(RawPath.text(file)), e);
        }
    }

    /** Refuses what would block or never end, such as a pipe or a device. */
    private static byte[] content(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigException("it is no regular file");
        }
        return WholeFile.read(file, Json.MAX_BYTES);
    }

    private static ContainerException damaged(String id, Path file, String why, Exception cause) {
        return new ContainerException(
                ErrorKind.DAMAGED,
                "container `%s`: `%s` is damaged: %s".formatted(id, RawPath.text(file), why),
                "`gantry delete --force %s` removes the container".formatted(id),
                cause);
    }

    public boolean exists(String id) {
        ContainerId.check(id);
        return Files.isDirectory(dir(id));
    }

    /** Returns the ids, sorted. */
    public List<String> ids() {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .filter(ContainerId::isValid)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw access.unusable("list `%s`".formatted(RawPath.text(root)), e);
        }
    }

    /**
     * Removes the container's directory; it holds nothing but files and empty directories of ours. The usual ones are
     * removed by name: a directory cannot be listed while no file can be opened.
     */
    public void remove(String id) {
        try {
            for (String usual : List.of(STATE, CONFIG)) { // without a state nobody asks for the config
                Files.deleteIfExists(dir(id).resolve(usual));
                Files.deleteIfExists(next(dir(id).resolve(usual)));
            }
            Files.deleteIfExists(dir(id));
        } catch (FileSystemException e) { // there is more in it, or something else in their place
            removeAll(id);
        } catch (IOException e) {
            throw notRemoved(id, e);
        } finally {
            leases.forget(dir(id));
        }
    }

    private void removeAll(String id) {
        try (Stream<Path> walk = Files.walk(dir(id))) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw notRemoved(id, e);
        }
    }

    private ContainerException notRemoved(String id, IOException e) {
        return IoReason.failure("delete `%s`: remove `%s`".formatted(id, RawPath.text(dir(id))), e);
    }

    /** Releases the locks on what belongs to this process; the containers stay as they are. */
    @Override
    public void close() {
        leases.close();
    }

    public static ContainerException missing(String id) {
        return new ContainerException(
                ErrorKind.NOT_FOUND, "container `%s` does not exist".formatted(id), "see `gantry list`", null);
    }

    /** What a file becomes that replaces another one. */
    private static Path next(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    private static void replace(Path file, byte[] content, Runnable between) {
        Path next = next(file);
        try {
            Files.write(next, content);
            between.run();
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            discard(next);
            throw IoReason.failure("write `%s`".formatted(RawPath.text(file)), e);
        } catch (RuntimeException e) {
            discard(next);
            throw e;
        }
    }

    private static void discard(Path next) {
        try {
            Files.deleteIfExists(next);
        } catch (IOException e) {
            return; // what made it be discarded is the error
        }
    }
}
