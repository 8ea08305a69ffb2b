package dev.gantry.image.layer;

import dev.gantry.files.IoReason;
import dev.gantry.image.layer.LayerTree.Place;
import dev.gantry.image.layer.LayerTree.Way;
import dev.gantry.kernel.Entries;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileMode;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.wire.RawText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks one layer, a tar archive, into an empty directory in the form of overlayfs: a whiteout is a device of number
 * 0, and a directory that hides those below has an attribute. Entries that could not be a file of a container, or would
 * be more than that, are refused, and with them the layer.
 *
 * <p>Root keeps owners, devices and attributes. For another user every file is its own, device nodes are left out, and
 * so are the attributes that only root may set.
 */
public final class LayerUnpacker {
    /** How large a file may be, in bytes. */
    static final long MAX_FILE_BYTES = 1L << 40;

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String OF_AUFS = ".wh..wh.";
    private static final int PATH_MAX = 4096;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int FIFO = 0010000;
    private static final int OWNER_ONLY = 0600;
    private static final long MAX_ID = (1L << 32) - 2; // the last one stands for none

    private static final Set<Errno> OF_ENTRY = Set.of(Errno.ENAMETOOLONG, Errno.ELOOP, Errno.EINVAL, Errno.ENOTDIR);

    private final Kernel kernel;
    private final Entries entries;
    private final LayerTree tree;
    private final FileContent content;
    private final boolean ownsAll;

    private LayerUnpacker(Kernel kernel, LayerTree tree, boolean ownsAll) {
        this.kernel = kernel;
        this.entries = kernel.entries();
        this.tree = tree;
        this.content = new FileContent(kernel);
        this.ownsAll = ownsAll;
    }

    /**
     * Unpacks an archive to its end, and reads what follows that. Blocks.
     *
     * @param archive not packed any more; not closed
     * @param target the host path of the directory
     * @param lower the host paths of the layers below, the topmost first
     * @throws RefusedEntry if an entry is refused; what was unpacked before it is there
     * @throws IOException if the archive cannot be read or the directory not be written
     * @throws KernelException if the kernel refuses what is not the archive's fault
     */
    public static void unpack(Kernel kernel, InputStream archive, String target, List<String> lower)
            throws IOException {
        boolean ownsAll = kernel.effectiveUid() == 0;
        try (LayerTree tree = new LayerTree(kernel, target, lower, ownsAll)) {
            new LayerUnpacker(kernel, tree, ownsAll).unpack(archive, lower);
        }
    }

    private void unpack(InputStream archive, List<String> lower) throws IOException {
        Place root = tree.directory(List.of(), Way.MAKE).orElseThrow();
        if (!lower.isEmpty()) {
            Node below = root.directory().findBelow(".").orElseThrow().node();
            below.stamp(entries, root.directory().upper(), ".", ownsAll);
            tree.keepTime(List.of(), ".", below.modified());
        }
        PaxRecords records = new PaxRecords(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(records, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
            try {
                add(entry, tar, records.attributes());
            } catch (RefusedEntry e) {
                throw new RefusedEntry("entry `%s`: %s".formatted(entry.getName(), e.getMessage()));
            } catch (FileSystemException e) {
                Optional<RefusedEntry> refusal = refusal(entry, IoReason.errno(e));
                throw refusal.isPresent() ? refusal.get() : e;
            } catch (KernelException e) {
                Optional<RefusedEntry> refusal = refusal(entry, Optional.of(e.errno()));
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
                throw e;
            }
        }
        tree.finish();
        archive.transferTo(OutputStream.nullOutputStream());
    }

    /** Returns the refusal of an entry that no file system of Linux can have; other errors are this machine's. */
    private static Optional<RefusedEntry> refusal(TarArchiveEntry entry, Optional<Errno> errno) {
        return errno.filter(OF_ENTRY::contains)
                .map(reason -> new RefusedEntry("entry `%s`: %s".formatted(entry.getName(), reason.describe())));
    }

    private static TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        try {
            return tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new RefusedEntry("a header is damaged: " + e.getMessage());
        }
    }

    private void add(TarArchiveEntry entry, TarArchiveInputStream tar, Map<String, byte[]> attributes)
            throws IOException {
        List<String> path = path(entry.getName(), "its name");
        for (String attribute : attributes.keySet()) {
            if (Attributes.isOfOverlay(attribute)) {
                throw new RefusedEntry("the attribute `%s` belongs to overlayfs".formatted(attribute));
            }
        }
        if (path.isEmpty()) {
            if (!entry.isDirectory()) {
                throw new RefusedEntry("the root must be a directory");
            }
            stamp(entry, tree.directory(path, Way.MAKE).orElseThrow(), ".", attributes);
            return;
        }
        List<String> parents = path.subList(0, path.size() - 1);
        String name = path.get(path.size() - 1);
        if (name.startsWith(WHITEOUT)) {
            whiteout(parents, name);
            return;
        }
        Place parent = tree.directory(parents, Way.MAKE).orElseThrow();
        Optional<Node> old = parent.directory().find(name);
        make(entry, tar, parent, parents, name, attributes);
        if (old.filter(node -> !node.isRegular()).isPresent()) {
            tree.forget(); // the way to it may have led through what was there
        }
    }

    private void make(
            TarArchiveEntry entry,
            TarArchiveInputStream tar,
            Place parent,
            List<String> parents,
            String name,
            Map<String, byte[]> attributes)
            throws IOException {
        if (entry.isLink()) {
            hardLink(entry.getLinkName(), parents, name);
            return; // the file has its attributes
        }
        Fd directory = parent.directory().upper();
        if (entry.isDirectory()) {
            if (Node.of(directory, name).filter(Node::isDirectory).isEmpty()) {
                makeDirectory(parent, name);
            }
        } else if (entry.isSymbolicLink()) {
            requireLink(entry.getLinkName());
            tree.removeOwn(parent, name);
            kernel.fileMaker().link(directory, name, entry.getLinkName());
        } else if (isFile(entry)) {
            long bytes = entry.isSparse() ? entry.getRealSize() : entry.getSize();
            if (bytes > MAX_FILE_BYTES) {
                throw new RefusedEntry("it has %d bytes, more than %d".formatted(bytes, MAX_FILE_BYTES));
            }
            tree.removeOwn(parent, name);
            content.write(directory, name, tar, MAX_FILE_BYTES, entry.isSparse());
        } else if (!node(entry, parent, name)) {
            return;
        }
        stamp(entry, parent, name, attributes);
    }

    /** A directory that hides what was there, but for what is in a directory of the layers below. */
    private void makeDirectory(Place parent, String name) throws IOException {
        Optional<Node> own = Node.of(parent.directory().upper(), name);
        if (own.isEmpty()) {
            Optional<Node> below = parent.directory().find(name);
            tree.makeDirectory(parent.directory(), name);
            if (below.filter(Node::isDirectory).isPresent()) {
                below.get().stamp(entries, parent.directory().upper(), name, ownsAll);
            }
        } else if (own.get().isWhiteout()) {
            tree.makeDirectory(parent.directory(), name);
        } else { // a file of this layer, which has hidden a directory below
            tree.removeOwn(parent, name);
            tree.makeDirectory(parent.directory(), name);
            tree.makeOpaque(parent.directory().upper(), name);
        }
    }

    /** Returns whether it was made. */
    private boolean node(TarArchiveEntry entry, Place parent, String name) throws IOException {
        int type = entry.isFIFO()
                ? FIFO
                : entry.isBlockDevice() ? BLOCK_DEVICE : entry.isCharacterDevice() ? CHARACTER_DEVICE : 0;
        if (type == 0) {
            throw new RefusedEntry("type `%c` is unknown".formatted((char) entry.getLinkFlag()));
        }
        if (type == CHARACTER_DEVICE && entry.getDevMajor() == 0 && entry.getDevMinor() == 0) {
            throw new RefusedEntry("the device 0:0 hides files, for overlayfs");
        }
        tree.removeOwn(parent, name);
        if (type != FIFO && !ownsAll) {
            return false;
        }
        int major = type == FIFO ? 0 : entry.getDevMajor();
        int minor = type == FIFO ? 0 : entry.getDevMinor();
        entries.node(parent.directory().upper(), name, type | OWNER_ONLY, major, minor);
        return true;
    }

    private static boolean isFile(TarArchiveEntry entry) {
        byte type = entry.getLinkFlag();
        return type == TarConstants.LF_OLDNORM
                || type == TarConstants.LF_NORMAL
                || type == TarConstants.LF_CONTIG
                || type == TarConstants.LF_GNUTYPE_SPARSE;
    }

    private void whiteout(List<String> parents, String name) throws IOException {
        boolean isOpaque = name.equals(OPAQUE);
        String hidden = name.substring(WHITEOUT.length());
        if (!isOpaque && name.startsWith(OF_AUFS)) {
            return; // what aufs kept beside files
        }
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new RefusedEntry("it hides no name");
        }
        Optional<Place> there = tree.directory(parents, Way.LOOK);
        if (there.isEmpty()) {
            return;
        }
        there.get().directory().close();
        Place parent = tree.directory(parents, Way.MAKE).orElseThrow();
        if (isOpaque && parent.names().isEmpty()) { // to overlayfs no root is opaque
            for (String below : parent.directory().namesBelow()) {
                tree.hide(parent, below);
            }
        } else if (isOpaque) {
            tree.makeOpaque(parent.directory().upper(), ".");
        } else {
            tree.hide(parent, hidden);
        }
        tree.forget(); // the layers below do not count any more
    }

    private void hardLink(String link, List<String> parents, String name) throws IOException {
        List<String> target = path(link, "the file it links to");
        if (target.isEmpty()) {
            throw new RefusedEntry("it links to the root");
        }
        String targetName = target.get(target.size() - 1);
        Optional<Place> there = tree.directory(target.subList(0, target.size() - 1), Way.LOOK);
        if (there.isEmpty()) {
            throw new RefusedEntry("it links to `%s`, which is not there".formatted(link));
        }
        there.get().directory().close();
        Place from =
                tree.directory(target.subList(0, target.size() - 1), Way.MAKE).orElseThrow();
        Node node = from.directory()
                .find(targetName)
                .orElseThrow(() -> new RefusedEntry("it links to `%s`, which is not there".formatted(link)));
        if (node.isDirectory()) {
            throw new RefusedEntry("it links to `%s`, a directory".formatted(link));
        }
        if (Node.of(from.directory().upper(), targetName).isEmpty()) {
            tree.copyUp(from, targetName);
        }
        List<String> place = from.names();
        try (Fd directory = tree.reopen(from.directory().upper(), ".")) {
            Place parent = tree.directory(parents, Way.MAKE).orElseThrow();
            if (parent.names().equals(place) && targetName.equals(name)) {
                throw new RefusedEntry("it links to itself");
            }
            tree.removeOwn(parent, name);
            entries.hardLink(directory, targetName, parent.directory().upper(), name);
        }
    }

    private void stamp(TarArchiveEntry entry, Place parent, String name, Map<String, byte[]> attributes)
            throws RefusedEntry {
        Fd directory = parent.directory().upper();
        if (ownsAll) {
            entries.own(directory, name, id(entry.getLongUserId()), id(entry.getLongGroupId()));
        }
        if (!entry.isSymbolicLink()) {
            entries.permissions(directory, name, entry.getMode() & FileMode.PERMISSIONS);
        }
        attributes.forEach((key, value) -> Attributes.set(entries, directory, name, key, value));
        if (entry.isDirectory()) {
            tree.keepTime(parent.names(), name, entry.getLastModifiedTime());
        } else {
            tree.setTime(directory, name, entry.getLastModifiedTime());
        }
    }

    private static int id(long id) throws RefusedEntry {
        if (id < 0 || id > MAX_ID) {
            throw new RefusedEntry("no user or group can be %d".formatted(id));
        }
        return (int) id;
    }

    private static void requireLink(String target) throws RefusedEntry {
        if (target.isEmpty() || RawText.encode(target).length >= PATH_MAX) {
            throw new RefusedEntry("no link can say `%s`".formatted(target));
        }
    }

    /** Returns the names in a path of the archive, which counts from the root however it begins. */
    private static List<String> path(String text, String what) throws RefusedEntry {
        if (text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0) {
            throw new RefusedEntry("%s is not UTF-8".formatted(what));
        }
        if (RawText.encode(text).length >= PATH_MAX) {
            throw new RefusedEntry("%s is longer than %d bytes".formatted(what, PATH_MAX - 1));
        }
        List<String> names = LayerTree.names(text);
        if (names.contains("..")) {
            throw new RefusedEntry("%s leads upwards".formatted(what));
        }
        return names;
    }
}
