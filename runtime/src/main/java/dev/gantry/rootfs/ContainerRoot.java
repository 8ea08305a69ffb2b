package dev.gantry.rootfs;

import dev.gantry.files.FileStamp;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileMaker;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.oci.User;
import dev.gantry.proc.ListeningPorts;
import dev.gantry.value.ContainerState;
import dev.gantry.value.RootFiles;
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
 * to a pipe that blocks. Nor to what its own root may not read or change, {@link FileRights}.
 */
public final class ContainerRoot implements RootFiles {
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

    @Override
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

    @Override
    public void write(String path, InputStream content) {
        write(path, content, OpenFlag.TRUNC);
    }

    @Override
    public void append(String path, InputStream content) {
        write(path, content, OpenFlag.APPEND);
    }

    private void write(String path, InputStream content, OpenFlag mode) {
        access.work("write", path, view -> {
            try (Fd file = openForWriting(view, path, mode)) {
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

    private Fd openForWriting(RootView view, String path, OpenFlag mode) throws IOException {
        try (Fd found = view.find(path)) {
            requireFile(found);
            view.rights().requireWritable(found);
            return kernel.open(handle(found).toString(), OpenFlag.WRONLY, OpenFlag.NONBLOCK, mode);
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

    @Override
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

    @Override
    public boolean isDirectory(String path) {
        return exists(path)
                && access.work("look at", path, view -> {
                    try (Fd found = view.find(path)) {
                        return Files.isDirectory(handle(found));
                    }
                });
    }

    @Override
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

    @Override
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

    @Override
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

    @Override
    public void copyIn(Path source, String path) throws IOException {
        copy(Long.MAX_VALUE).in(source, path);
    }

    @Override
    public void copyOut(String path, Path target) throws IOException {
        copyOut(path, target, Long.MAX_VALUE);
    }

    @Override
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

    @Override
    public User user(String text, User otherwise) {
        return new ContainerUsers(this, id).find(text, otherwise);
    }

    @Override
    public List<Integer> listeningPorts() {
        int pid = state.get().pid();
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> ListeningPorts.read(Path.of("/proc/%d/net/%s".formatted(pid, table))).stream())
                .distinct()
                .sorted()
                .toList();
    }
}
