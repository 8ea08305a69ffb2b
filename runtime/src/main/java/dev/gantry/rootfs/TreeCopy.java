package dev.gantry.rootfs;

import dev.gantry.files.FileStamp;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.Resolve;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies files and trees between this machine and a container, with permissions and times, and, for root, owners: a
 * file of user 7 here is one of user 7 in the container, whatever that is here. Links in a tree are copied as links,
 * what is named is followed. Directories that are there keep what they are. A link on this machine is never written
 * through, and set-id bits do not come out of a container: the container's root could make any user of this
 * machine root.
 *
 * <p>A container may change the directories that are copied here, where it has a bind mount of them. So what is named
 * is opened once, and everything below it by descriptors, one name at a time, through no link.
 */
final class TreeCopy {
    private static final OpenFlag[] DIRECTORY = {OpenFlag.PATH, OpenFlag.DIRECTORY};
    private static final OpenFlag[] FILE = {OpenFlag.NONBLOCK}; // a pipe without a writer does not make it wait
    private static final int WHILE_WRITTEN = 0600;
    private static final int MOST_LEVELS = 500;

    private final Kernel kernel;
    private final ContainerRoot root;
    private final boolean keepsOwners;
    private final SparseCopy content;
    private MappedIds ids;

    /**
     * Creates a copier.
     *
     * @param content copies what is in the files that come out
     */
    TreeCopy(Kernel kernel, ContainerRoot root, SparseCopy content) {
        this.kernel = kernel;
        this.root = root;
        this.keepsOwners = kernel.effectiveUid() == 0; // who may give files away
        this.content = content;
    }

    /** Copies a file or a tree into the container. */
    void in(Path source, String path) throws IOException {
        boolean isDirectory = FileStamp.of(source).isDirectory();
        try (Fd opened = kernel.open(RawPath.text(source), toRead(isDirectory))) {
            in(opened, RawPath.text(source), path, 0);
        } catch (KernelException e) {
            throw failed(e);
        }
    }

    /** Copies an entry of a directory. */
    private void inEntry(Fd directory, String name, String path, int level) throws IOException {
        Path place = RawPath.resolve(handle(directory), name);
        FileStamp stamp = FileStamp.of(place, LinkOption.NOFOLLOW_LINKS);
        if (stamp.isLink()) {
            root.replaceWithLink(path, Files.readSymbolicLink(place));
            giveIn(path, stamp);
            return;
        }
        requireFile(stamp, name);
        try (Fd entry = below(directory, name, toRead(stamp.isDirectory()))) {
            in(entry, name, path, level + 1);
        }
    }

    private void in(Fd source, String shown, String path, int level) throws IOException {
        FileStamp stamp = FileStamp.of(handle(source));
        requireFile(stamp, shown);
        if (stamp.isDirectory()) {
            requireLevel(level);
            boolean isNew = !root.exists(path);
            root.makeDirectories(path);
            for (String name : names(source)) {
                inEntry(source, name, path + "/" + name, level);
            }
            if (isNew) {
                giveIn(path, stamp);
                root.change(path, stamp::seal);
            }
        } else {
            try (InputStream bytes = Files.newInputStream(handle(source))) {
                root.write(path, bytes);
            }
            root.change(path, place -> {
                if (keepsOwners) {
                    ids().outside(stamp).own(place);
                }
                stamp.seal(place);
            });
        }
    }

    private void giveIn(String path, FileStamp stamp) {
        if (keepsOwners) {
            root.changeEntry(path, link -> ids().outside(stamp).own(link));
        }
    }

    /** Copies a file or a tree out of the container. */
    void out(String path, Path target) throws IOException {
        FileStamp stamp = root.stamp(path);
        Path named = target.toAbsolutePath().normalize();
        Path parent = named.getParent() == null ? named : named.getParent();
        String name = named.getParent() == null ? "." : RawPath.text(named.getFileName());
        try (Fd directory = kernel.open(RawPath.text(parent), DIRECTORY)) {
            out(path, stamp, directory, name, 0);
        } catch (KernelException e) {
            throw failed(e);
        }
    }

    private void out(String path, FileStamp stamp, Fd directory, String name, int level) throws IOException {
        Path place = RawPath.resolve(handle(directory), name);
        if (Files.isSymbolicLink(place)) {
            Files.delete(place); // or a link that was copied before would lead the next copy astray
        }
        if (stamp.isLink()) {
            Files.deleteIfExists(place);
            Files.createSymbolicLink(place, root.linkTarget(path));
            giveOut(place, stamp, LinkOption.NOFOLLOW_LINKS);
        } else if (stamp.isDirectory()) {
            outDirectory(path, stamp, directory, name, level);
        } else {
            requireFile(stamp, path);
            outFile(path, stamp, directory, name, level == 0);
        }
    }

    private void outDirectory(String path, FileStamp stamp, Fd directory, String name, int level) throws IOException {
        requireLevel(level);
        Path place = RawPath.resolve(handle(directory), name);
        boolean isNew = !Files.exists(place, LinkOption.NOFOLLOW_LINKS);
        if (isNew) {
            Files.createDirectory(place);
        } else if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(name);
        }
        try (Fd made = below(directory, name, DIRECTORY)) {
            for (String entry : root.list(path)) {
                String inside = path + "/" + entry;
                content.beginEntry();
                out(inside, root.stampOfEntry(inside), made, entry, level + 1);
            }
            if (isNew) {
                giveOut(handle(made), stamp);
                stamp.withoutSetIds().seal(handle(made));
            }
        }
    }

    /** @param isNamed whether it may be a device that is there, such as /dev/null, which is not ours to change */
    private void outFile(String path, FileStamp stamp, Fd directory, String name, boolean isNamed) throws IOException {
        // without blocking: a pipe that nobody reads is an error
        try (Fd file = kernel.createBeneath(
                directory, name, WHILE_WRITTEN, Resolve.BENEATH_NO_SYMLINKS, OpenFlag.WRONLY, OpenFlag.NONBLOCK)) {
            boolean isNode = !FileStamp.of(handle(file)).isRegular();
            if (isNode && !isNamed) {
                throw new IOException("`%s` is there, and no regular file".formatted(name));
            }
            StandardOpenOption[] how = isNode
                    ? new StandardOpenOption[] {StandardOpenOption.WRITE}
                    : new StandardOpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING};
            try (FileChannel out = FileChannel.open(handle(file), how)) {
                root.copyContent(path, out, isNode, content);
            } catch (IOException | RuntimeException e) {
                if (!isNode) {
                    Files.deleteIfExists(RawPath.resolve(handle(directory), name)); // half a file
                }
                throw e;
            }
            if (!isNode) {
                giveOut(handle(file), stamp);
                stamp.withoutSetIds().seal(handle(file));
            }
        }
    }

    private void giveOut(Path place, FileStamp stamp, LinkOption... options) throws IOException {
        if (keepsOwners) {
            ids().inside(stamp).own(place, options);
        }
    }

    private Fd below(Fd directory, String name, OpenFlag... flags) {
        return kernel.openBeneath(directory, name, Resolve.BENEATH_NO_SYMLINKS, flags);
    }

    private static OpenFlag[] toRead(boolean isDirectory) {
        return isDirectory ? DIRECTORY : FILE;
    }

    /** Where an opened file is, whatever is done to its name; following it leads to that file and no other. */
    private static Path handle(Fd opened) {
        return Path.of("/proc/self/fd/" + opened.number());
    }

    private static List<String> names(Fd directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(handle(directory) + "/."))) {
            return entries.map(entry -> RawPath.text(entry.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static void requireFile(FileStamp stamp, String name) throws IOException {
        if (!stamp.isRegular() && !stamp.isDirectory()) {
            throw new IOException("`%s` is no regular file".formatted(name));
        }
    }

    private static void requireLevel(int level) throws IOException {
        if (level >= MOST_LEVELS) {
            throw new IOException("it is more than %d directories deep".formatted(MOST_LEVELS));
        }
    }

    private static IOException failed(KernelException e) {
        Errno errno = e.errno();
        return new IOException(errno.text(), e);
    }

    private MappedIds ids() throws IOException {
        if (ids == null) {
            ids = root.ids();
        }
        return ids;
    }
}
