package dev.gantry.rootfs;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.proc.ProcessTable;
import dev.gantry.value.ContainerState;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The way to the files of a running container: finds its root and the rights that its own root has there, lets
 * something be done, and words what failed. Thread-safe.
 */
final class RootAccess {
    private static final Path ROOT = Path.of("/");
    private static final Set<Errno> DENIED = Set.of(Errno.EACCES, Errno.EPERM, Errno.EOVERFLOW);
    private static final String SEND_A_PROGRAM =
            "its root is user `%s`, you are user `%s`; let a program in it do it: `exec`, with `stdin` to write";
    private static final String NOT_RUNNING = "the container does not run";

    private final Kernel kernel;
    private final String id;
    private final Supplier<ContainerState> state;

    RootAccess(Kernel kernel, String id, Supplier<ContainerState> state) {
        this.kernel = kernel;
        this.id = id;
        this.state = state;
    }

    /** What is done with the container's files. */
    interface Work<T> {
        T in(RootView view) throws IOException;
    }

    /** Does something with the files. */
    <T> T work(String verb, String path, Work<T> work) {
        String operation = "%s `%s` in `%s`".formatted(verb, path, id);
        ContainerState now = state.get();
        try (Fd root = kernel.open("/proc/%d/root".formatted(now.pid()), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            return work.in(new RootView(kernel, root, FileRights.of(kernel, now, ids(now), root)));
        } catch (KernelException e) {
            boolean gone = !ProcessTable.isAlive(now.pid(), now.pidStart());
            throw failure(operation, now, gone ? NOT_RUNNING : e.errno().describe(), e);
        } catch (IOException e) {
            throw failure(operation, now, IoReason.of(e), e);
        }
    }

    private ContainerException failure(String operation, ContainerState state, String why, Exception cause) {
        boolean isDenied =
                kernel.effectiveUid() != 0 && DENIED.stream().anyMatch(errno -> why.endsWith("(" + errno + ")"));
        return new ContainerException(
                ErrorKind.IO, operation + ": " + why, isDenied ? remedy(state).orElse(null) : null, cause);
    }

    /** Nobody but root can do anything as another user; a process that has joined the user namespace can. */
    private Optional<String> remedy(ContainerState state) {
        try {
            int user = ids(state).rootUser();
            int own = kernel.effectiveUid();
            return user == own
                    ? Optional.empty()
                    : Optional.of(
                            SEND_A_PROGRAM.formatted(Integer.toUnsignedString(user), Integer.toUnsignedString(own)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the ids that the container has. */
    MappedIds ids() throws IOException {
        return ids(state.get());
    }

    private static MappedIds ids(ContainerState state) throws IOException {
        try {
            MappedIds ids = MappedIds.of(state.pid());
            if (ProcessTable.isAlive(
                    state.pid(), state.pidStart())) { // asked last: by now the pid may be another process's
                return ids;
            }
        } catch (NoSuchFileException e) {
            throw new IOException(NOT_RUNNING, e);
        }
        throw new IOException(NOT_RUNNING);
    }

    /** What is asked of an entry of a directory, a link itself if it is one. */
    interface EntryQuestion<T> {
        T of(RootView view, Fd entry) throws IOException;
    }

    /** Asks something of an entry of a directory. */
    <T> T entry(String path, EntryQuestion<T> question) {
        Path place = normal(path);
        return work("read", path, view -> {
            try (Fd parent = view.findDirectory(RawPath.text(place.getParent()));
                    Fd entry = view.entry(parent, RawPath.text(place.getFileName()))) {
                return question.of(view, entry);
            }
        });
    }

    /** What is done in a directory that may be changed, about the entry of that name. */
    interface DirectoryWork {
        void in(Fd directory, String name, RootView view) throws IOException;
    }

    /** Does something in the directory in which a path ends. */
    void inParent(String verb, Path path, DirectoryWork work) {
        work(verb, RawPath.text(path), view -> {
            if (path.getParent() == null) {
                throw new IOException("it is the root");
            }
            try (Fd parent = view.findDirectory(RawPath.text(path.getParent()))) {
                view.rights().requireWritable(parent);
                work.in(parent, RawPath.text(path.getFileName()), view);
            }
            return null;
        });
    }

    /** Returns the path from the root, without dots. */
    static Path normal(String path) {
        return RawPath.resolve(ROOT, path).normalize();
    }
}
