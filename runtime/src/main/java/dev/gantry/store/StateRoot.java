package dev.gantry.store;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.FileStamp;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the state root lies. A user that can change it decides what becomes of the containers in it, and which programs
 * and hooks are run for them. So nobody may be able to change it or a directory above it but root, the caller, and the
 * user that called sudo.
 */
public final class StateRoot {
    private static final Path OF_ROOT = Path.of("/run/gantry");

    private final int uid;
    private final Path named;
    private final Set<Integer> trusted = new HashSet<>(Set.of(0));

    /** Creates one for a user, who is this process's. */
    public StateRoot(int uid, Map<String, String> environment) {
        this.uid = uid;
        this.named = Path.of(environment.getOrDefault("XDG_RUNTIME_DIR", ""));
        trusted.add(uid);
        String caller = environment.getOrDefault("SUDO_UID", "");
        if (uid == 0 && caller.matches("\\d{1,9}")) {
            trusted.add(Integer.valueOf(caller));
        }
        overflowUser().ifPresent(trusted::add);
    }

    /** In a user namespace that has not all users, those it has not look like this one; root of the host among them. */
    private static Optional<Integer> overflowUser() {
        try {
            List<String> map = Files.readAllLines(Path.of("/proc/self/uid_map"));
            boolean hasAll = map.size() == 1 && map.get(0).strip().endsWith(" 4294967295");
            return hasAll
                    ? Optional.empty()
                    : Optional.of(Integer.valueOf(Files.readString(Path.of("/proc/sys/kernel/overflowuid"))
                            .strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the default one: {@code /run/gantry} for root; for others a directory of their own, in
     * {@code XDG_RUNTIME_DIR} if that is theirs, else in {@code /run/user}, else in {@code /tmp}.
     */
    public Path byDefault() {
        if (uid == 0) {
            return OF_ROOT;
        }
        return Stream.of(named, Path.of("/run/user/" + uid))
                .filter(this::isOwn)
                .findFirst()
                .map(runtime -> runtime.resolve("gantry"))
                .orElse(Path.of("/tmp/gantry-" + uid));
    }

    private boolean isOwn(Path directory) {
        try {
            FileStamp stamp = FileStamp.of(directory);
            return directory.isAbsolute() && stamp.isDirectory() && stamp.uid() == uid;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the permissions with which it is made. */
    String permissions() {
        return uid == 0 ? "rwx--x--x" : "rwx------";
    }

    /**
     * Looks at a root, as far as it is there: all names on the way to it, links among them, and all directories.
     *
     * @throws ContainerException if somebody else could change it, or it cannot be looked at
     */
    void verify(Path root) {
        try {
            Path there = root;
            while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
                there = there.getParent(); // "/" is there
            }
            for (Path name = there; name.getParent() != null; name = name.getParent()) {
                if (Files.isSymbolicLink(name)) {
                    requireOwner(root, name, FileStamp.of(name, LinkOption.NOFOLLOW_LINKS));
                }
            }
            Path real = there.toRealPath();
            for (Path directory = real; directory != null; directory = directory.getParent()) {
                FileStamp stamp = FileStamp.of(directory);
                requireOwner(root, directory, stamp);
                boolean isRoot = there.equals(root) && directory.equals(real);
                boolean kept = !isRoot && (stamp.mode() & FileMode.STICKY) != 0; // nobody moves what is another's
                boolean foreignGroup =
                        (stamp.mode() & FileMode.GROUP_WRITES) != 0 && stamp.gid() != 0 && stamp.gid() != uid;
                if (!kept && (foreignGroup || (stamp.mode() & FileMode.OTHERS_WRITE) != 0)) {
                    throw refused(root, "`%s` can be changed by other users".formatted(RawPath.text(directory)));
                }
            }
        } catch (IOException e) {
            throw unusable("open state root `%s`".formatted(RawPath.text(root)), e);
        }
    }

    private void requireOwner(Path root, Path place, FileStamp stamp) {
        if (!trusted.contains(stamp.uid())) {
            throw refused(
                    root,
                    "`%s` belongs to user %s".formatted(RawPath.text(place), Integer.toUnsignedString(stamp.uid())));
        }
    }

    private static ContainerException refused(Path root, String why) {
        return new ContainerException(
                ErrorKind.IO,
                "open state root `%s`: %s".formatted(RawPath.text(root), why),
                "choose one by --root that only you or root can change",
                null);
    }

    /** Makes an error of what could not be done with a root. */
    ContainerException unusable(String what, IOException cause) {
        return unusable(null, what, cause);
    }

    /** Does the same for a launch, such as {@code create `web`}. */
    ContainerException unusable(String operation, String what, IOException cause) {
        boolean isDenied = IoReason.isDenied(cause);
        String own = "it is for another user; leave out --root, or choose one of your own";
        return new ContainerException(
                operation,
                ErrorKind.IO,
                "%s: %s".formatted(what, IoReason.of(cause)),
                isDenied && uid != 0 ? own : null,
                cause);
    }
}
