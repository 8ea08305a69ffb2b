package dev.gantry.runtime;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.OciConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a running container as it sees them, mounts included; no program in it is needed.
 *
 * <p>A path is resolved by the kernel beneath the root of the container's first process, symbolic links too, and what is
 * found is opened only if it is a file or a directory: a container can lead nobody out of its root, to a device, or to a
 * pipe that blocks. What is made belongs to the container's root user. Thread-safe.
 */
public final class ContainerRoot {
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_TRUNC = 01000;
    private static final int O_APPEND = 02000;
    private static final int O_DIRECTORY = 0200000;
    private static final int O_PATH = 010000000;
    private static final long RESOLVE_IN_ROOT = 0x10;
    private static final int NEW_FILE = 0644;
    private static final int MOST_BYTES = 64 << 20;

    private final Kernel kernel;
    private final String id;
    private final Container container;

    ContainerRoot(Kernel kernel, Container container) {
        this.kernel = kernel;
        this.id = container.id();
        this.container = container;
    }

    /** What is done with a descriptor of the container's root. */
    private interface Work<T> {
        T with(Fd root) throws IOException;
    }

    private <T> T work(String verb, String path, Work<T> work) {
        String operation = "%s `%s` in `%s`".formatted(verb, path, id);
        ContainerState state = container.state();
        try (Fd root = kernel.open("/proc/%d/root".formatted(state.pid()), O_PATH | O_DIRECTORY, 0)) {
            if (!ProcessTable.isAlive(state.pid(), state.pidStart())) { // asked when the root is open, whosever it is
                throw new KernelException("open", path, Errno.ESRCH);
            }
            return work.with(root);
        } catch (KernelException e) {
            boolean gone = !ProcessTable.isAlive(state.pid(), state.pidStart());
            String why = gone ? "the container does not run" : e.errno().text();
            String name = gone ? "" : " (%s)".formatted(e.errno());
            throw new ContainerException(ErrorKind.IO, "%s: %s%s".formatted(operation, why, name), e);
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.IO, operation + ": " + IoReason.of(e), e);
        }
    }

    private Fd find(Fd root, String path) {
        return kernel.openBeneath(root, path, O_PATH, 0, RESOLVE_IN_ROOT);
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
        return work("read", path, root -> {
            try (Fd found = find(root, path)) {
                requireFile(found);
                try (InputStream content = Files.newInputStream(handle(found))) { // it may grow meanwhile
                    byte[] bytes = content.readNBytes(MOST_BYTES + 1);
                    if (bytes.length > MOST_BYTES) {
                        throw new IOException("it has more than %d MiB".formatted(MOST_BYTES >> 20));
                    }
                    return bytes;
                }
            }
        });
    }

    /** Copies the whole content of a file of any size to a stream. */
    void transfer(String path, OutputStream to) throws IOException {
        try (InputStream content = work("read", path, root -> {
            try (Fd found = find(root, path)) {
                requireFile(found);
                return Files.newInputStream(handle(found));
            }
        })) {
            content.transferTo(to);
        }
    }

    /** Writes a file, new or not, in an existing directory. */
    public void write(String path, InputStream content, boolean append) {
        work("write", path, root -> {
            try (Fd file = openForWriting(root, path, append)) {
                try (var out = Files.newOutputStream(
                        handle(file), append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE)) {
                    content.transferTo(out);
                }
            }
            return null;
        });
    }

    private Fd openForWriting(Fd root, String path, boolean append) throws IOException {
        try (Fd found = find(root, path)) {
            requireFile(found);
            return kernel.open(handle(found).toString(), O_WRONLY | (append ? O_APPEND : O_TRUNC), 0);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        Fd made = kernel.openBeneath(root, path, O_WRONLY | O_CREAT | O_EXCL, NEW_FILE, RESOLVE_IN_ROOT);
        own(handle(made));
        return made;
    }

    /** Answers whether there is something, following symbolic links within the container. */
    public boolean exists(String path) {
        return work("look for", path, root -> {
            try {
                find(root, path).close();
                return true;
            } catch (KernelException e) {
                if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Answers whether there is a directory. */
    public boolean isDirectory(String path) {
        return exists(path)
                && work("look at", path, root -> {
                    try (Fd found = find(root, path)) {
                        return Files.isDirectory(handle(found));
                    }
                });
    }

    /** Returns the names in a directory, sorted. */
    public List<String> list(String path) {
        return work("list", path, root -> {
            try (Fd found = kernel.openBeneath(root, path, O_PATH | O_DIRECTORY, 0, RESOLVE_IN_ROOT);
                    Stream<Path> entries = Files.list(Path.of(handle(found) + "/."))) {
                return entries.map(entry -> entry.getFileName().toString())
                        .sorted()
                        .toList();
            }
        });
    }

    /** Makes a directory with those above it that are missing. */
    public void makeDirectories(String path) {
        Path missing = Path.of("/").resolve(path).normalize();
        if (missing.getParent() == null || isDirectory(missing.toString())) {
            return;
        }
        makeDirectories(missing.getParent().toString());
        inParent("make", missing, place -> {
            try {
                Files.createDirectory(place);
                own(place);
            } catch (FileAlreadyExistsException e) {
                throw new IOException("not a directory (ENOTDIR)", e);
            }
        });
    }

    /** Removes a file, a symbolic link or an empty directory. */
    public void delete(String path) {
        inParent("delete", Path.of("/").resolve(path).normalize(), Files::delete);
    }

    /** Makes a symbolic link, in the place of a file or a link if one is there. */
    void replaceWithLink(String path, Path target) {
        atEntry("link", path, place -> {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(place);
            }
            Files.createSymbolicLink(place, target);
            own(place);
        });
    }

    /** Returns what a symbolic link says. */
    Path linkTarget(String path) {
        return entry(path, Files::readSymbolicLink);
    }

    /** Returns what there is to know of what a path leads to. */
    FileStamp stamp(String path) {
        return work("read", path, root -> {
            try (Fd found = find(root, path)) {
                return FileStamp.of(handle(found));
            }
        });
    }

    /** Returns what there is to know of the entry of a directory, a link too. */
    FileStamp stampOfEntry(String path) {
        return entry(path, place -> FileStamp.of(place, LinkOption.NOFOLLOW_LINKS));
    }

    /** Changes a file or a directory; what it leads to, if it is a link. */
    void change(String path, EntryWork work) {
        work("change", path, root -> {
            try (Fd found = find(root, path)) {
                if (!Files.isDirectory(handle(found))) {
                    requireFile(found);
                }
                work.at(handle(found));
            }
            return null;
        });
    }

    /** What is asked of an entry of a directory, which is not followed. */
    private interface EntryQuestion<T> {
        T at(Path place) throws IOException;
    }

    private <T> T entry(String path, EntryQuestion<T> question) {
        Path place = Path.of("/").resolve(path).normalize();
        return work("read", path, root -> {
            try (Fd parent =
                    kernel.openBeneath(root, place.getParent().toString(), O_PATH | O_DIRECTORY, 0, RESOLVE_IN_ROOT)) {
                return question.at(handle(parent).resolve(place.getFileName()));
            }
        });
    }

    /** Changes an entry of a directory, a link itself if it is one. */
    void atEntry(String verb, String path, EntryWork work) {
        inParent(verb, Path.of("/").resolve(path).normalize(), work);
    }

    /** What is done with an entry of a directory, which is not followed. */
    interface EntryWork {
        void at(Path place) throws IOException;
    }

    private void inParent(String verb, Path path, EntryWork work) {
        work(verb, path.toString(), root -> {
            if (path.getParent() == null) {
                throw new IOException("it is the root");
            }
            try (Fd parent =
                    kernel.openBeneath(root, path.getParent().toString(), O_PATH | O_DIRECTORY, 0, RESOLVE_IN_ROOT)) {
                work.at(handle(parent).resolve(path.getFileName()));
            }
            return null;
        });
    }

    /**
     * Copies a file or a tree of this machine into the container, over what is there, with permissions and times, and, for
     * root, with owners. Links in a tree stay links.
     */
    public void copyIn(Path source, String path) throws IOException {
        copy().in(source, path);
    }

    /** Copies a file or a tree of the container to this machine, in the same way. */
    public void copyOut(String path, Path target) throws IOException {
        copy().out(path, target);
    }

    private TreeCopy copy() {
        OciConfig config = container.config();
        return new TreeCopy(
                this, config.linux().uidMappings(), config.linux().gidMappings(), kernel.effectiveUid() == 0);
    }

    /** Gives what was made to the user who is root in the container. */
    private void own(Path place) throws IOException {
        OciConfig config = container.config();
        int uid = host(config.linux().uidMappings());
        int gid = host(config.linux().gidMappings());
        if (uid != kernel.effectiveUid()) {
            Files.setAttribute(place, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(place, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private int host(List<IdMapping> mappings) {
        return mappings == null
                ? kernel.effectiveUid()
                : mappings.stream()
                        .filter(mapping -> mapping.containerID() == 0)
                        .map(mapping -> mapping.hostID().intValue())
                        .findFirst()
                        .orElse(kernel.effectiveUid());
    }

    /** Returns the TCP ports on which something in the container's network namespace listens. */
    public List<Integer> listeningPorts() {
        ContainerState state = container.state();
        return Stream.of("tcp", "tcp6")
                .flatMap(table ->
                        ListeningPorts.read(Path.of("/proc/%d/net/%s".formatted(state.pid(), table))).stream())
                .distinct()
                .sorted()
                .toList();
    }
}
