package dev.gantry.cgroup;

import dev.gantry.error.ContainerException;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileFacts;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A cgroup's directory and all below it, which the container may have made: as deep as it liked, with names of any
 * length and of any bytes. One descriptor is open at a time, and nothing but the topmost directory is found by its
 * path.
 *
 * <p>What somebody, systemd perhaps, removes meanwhile is left out. No directory can be moved to another parent in a
 * cgroup file system, so the way back up is the way by which one came; it is looked at all the same.
 */
final class CgroupTree {
    private static final OpenFlag[] FLAGS = {OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NOFOLLOW};
    private static final int LINKS_OF_A_LEAF = 2;
    private static final Set<Errno> GONE = EnumSet.of(Errno.ENOENT, Errno.ENODEV);

    private final Kernel kernel;
    private final String top;

    CgroupTree(Kernel kernel, String top) {
        this.kernel = kernel;
        this.top = top;
    }

    /**
     * Goes through all directories, parents first.
     *
     * @param visitor gets a path to each directory that is good until it returns
     * @throws KernelException if one cannot be opened
     * @throws ContainerException if one cannot be read
     */
    void forEach(Consumer<String> visitor) {
        walk(visitor, directory -> {});
    }

    /**
     * Removes all that is below the topmost directory, but for what is in use.
     *
     * @throws KernelException if one cannot be opened, or removed for another reason
     * @throws ContainerException if one cannot be read
     */
    void removeBelow() {
        walk(directory -> {}, this::removeIfUnused);
    }

    private void removeIfUnused(String directory) {
        try {
            kernel.removeDirectory(directory);
        } catch (KernelException e) {
            if (e.errno() != Errno.EBUSY && !GONE.contains(e.errno())) {
                throw new KernelException("rmdir", "a cgroup below " + top, e.errno());
            }
        }
    }

    /**
     * A directory on the way down: which one it is, those below it that are still to do, and the one that is being
     * done.
     */
    private static final class Level {
        final FileFacts facts;
        final Queue<String> below;
        String entered;

        Level(FileFacts facts, Queue<String> below) {
            this.facts = facts;
            this.below = below;
        }
    }

    /** Goes down and up without recursion: the stack of a thread is finite, the depth of cgroups is not. */
    private void walk(Consumer<String> entered, Consumer<String> left) {
        Deque<Level> levels = new ArrayDeque<>();
        Fd here = openTop();
        try {
            if (here != null) {
                levels.push(enter(here, entered));
            }
            while (!levels.isEmpty()) {
                Level level = levels.peek();
                level.entered = level.below.poll();
                Fd next;
                if (level.entered != null) {
                    next = open(here, level.entered);
                    if (next == null) {
                        continue;
                    }
                    here.close();
                    here = next;
                    levels.push(enter(here, entered));
                } else {
                    levels.pop();
                    if (levels.isEmpty()) {
                        return;
                    }
                    next = up(here, levels.peek());
                    if (next == null) {
                        return;
                    }
                    here.close();
                    here = next;
                    left.accept(handle(here) + "/" + levels.peek().entered);
                }
            }
        } finally {
            if (here != null) {
                here.close();
            }
        }
    }

    private Level enter(Fd directory, Consumer<String> entered) {
        entered.accept(handle(directory));
        return new Level(kernel.facts(directory), below(directory));
    }

    /** Returns null also where a path names no directory or cannot be a name: nothing was made there. */
    private Fd openTop() {
        try {
            return unlessGone(() -> kernel.open(top, FLAGS));
        } catch (KernelException e) {
            if (Cgroup.WAS_NEVER_MADE.contains(e.errno())) {
                return null;
            }
            throw e;
        }
    }

    private Fd open(Fd directory, String name) {
        return unlessGone(() -> kernel.openAt(directory, name, FLAGS));
    }

    /** Returns the directory above; null if it is not the one that it was before. */
    private Fd up(Fd directory, Level before) {
        Fd parent = open(directory, "..");
        if (parent != null) {
            FileFacts facts = kernel.facts(parent);
            if (facts.inode() != before.facts.inode() || facts.device() != before.facts.device()) {
                parent.close();
                return null;
            }
        }
        return parent;
    }

    private interface Opening {
        Fd open();
    }

    private Fd unlessGone(Opening opening) {
        try {
            return opening.open();
        } catch (KernelException e) {
            if (GONE.contains(e.errno())) {
                return null;
            }
            throw new KernelException("open", "a cgroup in " + top, e.errno());
        }
    }

    /** The number of links says without a look at each file whether there is a directory among them. */
    private Queue<String> below(Fd directory) {
        Queue<String> names = new ArrayDeque<>();
        Path path = Path.of(handle(directory) + "/.");
        try {
            if ((int) Files.getAttribute(path, "unix:nlink") == LINKS_OF_A_LEAF) {
                return names;
            }
            try (Stream<Path> entries = Files.list(path)) {
                entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                        .forEach(entry -> names.add(RawPath.text(entry.getFileName())));
            }
        } catch (IOException e) {
            requireGone(e);
        } catch (UncheckedIOException e) {
            requireGone(e.getCause());
        }
        return names;
    }

    private void requireGone(IOException failure) {
        if (!(failure instanceof NoSuchFileException)) {
            throw IoReason.failure("look into the cgroups in `%s`".formatted(top), failure);
        }
    }

    private static String handle(Fd directory) {
        return "/proc/self/fd/" + directory.number();
    }
}
