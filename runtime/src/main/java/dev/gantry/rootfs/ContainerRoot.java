package dev.gantry.rootfs;

import dev.gantry.error.ContainerException;
import dev.gantry.files.FileStamp;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileMaker;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.proc.ListeningPorts;
import dev.gantry.store.ContainerState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files of a running container as it sees them, mounts included; no program in it is needed.
 *
 * <p>A path is resolved by the kernel beneath the root of the container's first process, symbolic links too, and what
 * is found is opened only if it is a file or a directory: a container can lead nobody out of its root, to a device, or
 * to a pipe that blocks. Nor to what its own root may not read or change, {@link FileRights}. What is made belongs to
 * the container's root user. Thread-safe.
 */
public final class ContainerRoot {
    private static final int NEW_FILE = 0644;
    private static final int NEW_DIRECTORY = 0777;
    private static final int MOST_BYTES = 64 << 20;
    private static final int BUFFER_BYTES = 65_536;

    private final Kernel kernel;
    private final String id;
    private final Supplier<ContainerState> state;
    private final RootAccess access;

    /**
     * Creates the files of a container.
     *
     * @param state asked again for each operation
     */
    public ContainerRoot(Kernel kernel, String id, Supplier<ContainerState> state) {
        this.kernel = kernel;
        this.id = id;
        this.state = state;
        this.access = new RootAccess(kernel, id, state);
    }

    /** Returns the ids that the container has. */
    MappedIds ids() throws IOException {
        return access.ids();
    }

    /** The name by which this process reaches what a descriptor stands for, and nothing else. */
    private static Path handle(Fd fd) {
        return Path.of("/proc/self/fd/" + fd.number());
    }

    private static void requireFile(Fd found) throws IOException {
        if (!Files.isRegularFile(handle(found))) {
            throw new IOException(Files.isDirectory(handle(found)) ? "is a directory (EISDIR)" : "is no regular file");
        }
    }

    /**
     * Returns the whole content of a file, which may have 64 MiB.
     *
     * @throws ContainerException if it has more, or cannot be read
     */
    public byte[] read(String path) {
        return access.work("read", path, view -> {
            try (Fd found = view.find(path);
                    Fd file = openForReading(view, found)) {
                return content(file);
            }
        });
    }

    /**
     * Opens a file so that neither this nor reading waits, for the holder of a lease or for a message of the kernel.
     */
    private Fd openForReading(RootView view, Fd found) throws IOException {
        requireFile(found);
        view.rights().requireReadable(found);
        return kernel.open(handle(found).toString(), OpenFlag.NONBLOCK);
    }

    /** Reads to the end; the file may grow meanwhile. */
    private byte[] content(Fd file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        byte[] part = new byte[BUFFER_BYTES];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (kernel.read(file, buffer.clear()) > 0) {
            int count = buffer.flip().remaining();
            buffer.get(part, 0, count);
            bytes.write(part, 0, count);
            if (bytes.size() > MOST_BYTES) {
                throw new IOException("it has more than %d MiB".formatted(MOST_BYTES >> 20));
            }
        }
        return bytes.toByteArray();
    }

    /** Copies the content of a file of any size to another, which is empty, or a device. */
    void copyContent(String path, FileChannel to, boolean isDevice, SparseCopy copy) throws IOException {
        try (Fd file = access.work("read", path, view -> {
            try (Fd found = view.find(path)) {
                return openForReading(view, found);
            }
        })) {
            copy.copy(file, handle(file), to, isDevice);
        }
    }

    /** Writes a file, new or not, in an existing directory. */
    public void write(String path, InputStream content, boolean append) {
        access.work("write", path, view -> {
            try (Fd file = openForWriting(view, path, append)) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
                byte[] part = new byte[BUFFER_BYTES];
                for (int count = content.read(part); count >= 0; count = content.read(part)) {
                    buffer.clear().put(part, 0, count).flip();
                    while (buffer.hasRemaining()) {
                        kernel.write(file, buffer);
                    }
                }
            }
            return null;
        });
    }

    private Fd openForWriting(RootView view, String path, boolean append) throws IOException {
        try (Fd found = view.find(path)) {
            requireFile(found);
            view.rights().requireWritable(found);
            return kernel.open(
                    handle(found).toString(),
                    OpenFlag.WRONLY,
                    OpenFlag.NONBLOCK,
                    append ? OpenFlag.APPEND : OpenFlag.TRUNC);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        Path place = RootAccess.normal(path);
        try (Fd parent = view.findDirectory(RawPath.text(place.getParent()))) {
            view.rights().requireWritable(parent);
            return made(view, maker -> maker.file(parent, RawPath.text(place.getFileName()), NEW_FILE));
        }
    }

    /** Returns whether there is something, following symbolic links within the container. */
    public boolean exists(String path) {
        return access.work("look for", path, view -> {
            try {
                view.find(path).close();
                return true;
            } catch (KernelException e) {
                if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Returns whether there is a directory. */
    public boolean isDirectory(String path) {
        return exists(path)
                && access.work("look at", path, view -> {
                    try (Fd found = view.find(path)) {
                        return Files.isDirectory(handle(found));
                    }
                });
    }

    /** Returns the names in a directory, sorted. */
    public List<String> list(String path) {
        return access.work("list", path, view -> {
            try (Fd found = view.findDirectory(path)) {
                view.rights().requireReadable(found);
                try (Stream<Path> entries = Files.list(Path.of(handle(found) + "/."))) {
                    return entries.map(entry -> RawPath.text(entry.getFileName()))
                            .sorted()
                            .toList();
                }
            }
        });
    }

    /** Makes a directory with those above it that are missing. */
    public void makeDirectories(String path) {
        Path missing = RootAccess.normal(path);
        if (missing.getParent() == null || isDirectory(RawPath.text(missing))) {
            return;
        }
        makeDirectories(RawPath.text(missing.getParent()));
        access.inParent("make", missing, (parent, name, view) -> {
            try {
                made(view, maker -> {
                    maker.directory(parent, name, NEW_DIRECTORY);
                    return null;
                });
            } catch (KernelException e) {
                throw e.errno() == Errno.EEXIST ? new KernelException(e.call(), name, Errno.ENOTDIR) : e;
            }
        });
    }

    /** Removes a file, a symbolic link or an empty directory. */
    public void delete(String path) {
        access.inParent("delete", RootAccess.normal(path), this::remove);
    }

    private void remove(Fd parent, String name, RootView view) throws IOException {
        try (Fd entry = view.entry(parent, name)) {
            view.rights().requireRemovable(parent, entry);
        }
        Files.delete(RawPath.resolve(handle(parent), name));
    }

    /** Makes a symbolic link, in the place of a file or a link if one is there. */
    void replaceWithLink(String path, Path target) {
        access.inParent("link", RootAccess.normal(path), (parent, name, view) -> {
            try {
                remove(parent, name, view);
            } catch (KernelException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
            made(view, maker -> {
                maker.link(parent, name, RawPath.text(target));
                return null;
            });
        });
    }

    /** Returns what a symbolic link says. */
    Path linkTarget(String path) {
        return access.entry(path, (view, link) -> {
            view.rights().requireContent(link);
            return RawPath.of(kernel.linkTarget(link));
        });
    }

    /** Returns what there is to know of what a path leads to. */
    FileStamp stamp(String path) {
        return access.work("read", path, view -> {
            try (Fd found = view.find(path)) {
                return FileStamp.of(handle(found));
            }
        });
    }

    /** Returns what there is to know of the entry of a directory, a link too. */
    FileStamp stampOfEntry(String path) {
        return access.entry(path, (view, entry) -> FileStamp.of(handle(entry)));
    }

    /** Changes owner, permissions or times of a file or a directory; of what it leads to, if it is a link. */
    void change(String path, FileWork work) {
        access.work("change", path, view -> {
            try (Fd found = view.find(path)) {
                if (!Files.isDirectory(handle(found))) {
                    requireFile(found);
                }
                view.rights().requireOwn(found);
                work.at(handle(found));
            }
            return null;
        });
    }

    /** Does the same with an entry of a directory, a link itself if it is one. */
    void changeEntry(String path, FileWork work) {
        access.inParent("change", RootAccess.normal(path), (parent, name, view) -> {
            try (Fd entry = view.entry(parent, name)) {
                view.rights().requireOwn(entry);
                work.at(handle(entry));
            }
        });
    }

    /** What is done with a file, by a name that leads to it and no other. */
    interface FileWork {
        void at(Path handle) throws IOException;
    }

    /**
     * Copies a file or a tree of this machine into the container, over what is there, with permissions and times, and,
     * for root, with owners. Links in a tree stay links.
     */
    public void copyIn(Path source, String path) throws IOException {
        copy(Long.MAX_VALUE).in(source, path);
    }

    /** Copies a file or a tree of the container to this machine, in the same way. Holes stay holes. */
    public void copyOut(String path, Path target) throws IOException {
        copyOut(path, target, Long.MAX_VALUE);
    }

    /**
     * Does the same with a limit.
     *
     * @param limit how many bytes are copied at most; an entry of a directory counts as 4 KiB at least
     * @throws IOException if there are more: the file that has them is not made, those before it are
     */
    public void copyOut(String path, Path target, long limit) throws IOException {
        copy(limit).out(path, target);
    }

    private TreeCopy copy(long limit) {
        return new TreeCopy(kernel, this, new SparseCopy(kernel, limit));
    }

    /**
     * Makes something; as the user who is root in the container, so that it is never anybody else's. In a file system
     * that has the ids of its user namespace nobody else could.
     */
    private <T> T made(RootView view, Function<FileMaker, T> making) {
        MappedIds ids = view.rights().ids();
        boolean isThisUser = ids.rootUser() == kernel.effectiveUid();
        return making.apply(isThisUser ? kernel.fileMaker() : kernel.fileMakerAs(ids.rootUser(), ids.rootGroup()));
    }

    /** Returns the users and groups that its files name; nothing is read yet. */
    public ContainerUsers users() {
        return new ContainerUsers(this, id);
    }

    /** Returns the TCP ports on which something in the container's network namespace listens. */
    public List<Integer> listeningPorts() {
        int pid = state.get().pid();
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> ListeningPorts.read(Path.of("/proc/%d/net/%s".formatted(pid, table))).stream())
                .distinct()
                .sorted()
                .toList();
    }
}
