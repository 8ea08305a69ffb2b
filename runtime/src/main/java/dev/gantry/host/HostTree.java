package dev.gantry.host;

import dev.gantry.files.RawPath;
import dev.gantry.kernel.FileMode;
import dev.gantry.plan.HostEntry;
import dev.gantry.plan.HostEntry.Kind;
import dev.gantry.proc.MountInfo;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads how the directories at the top of this machine are shown in a user namespace. Whatever is shown is a layer of
 * an overlay, where a socket or a fifo is one of the overlay's and leads to nobody: nothing is ever bound. So a
 * directory with mounts in it, which makes no layer there, is split into those that are in it, at most two levels deep.
 */
final class HostTree {
    /** Of these overlayfs makes layers, and they hold files. The root file system may be any other too. */
    private static final Set<String> LAYERS = Set.of(
            "ext2",
            "ext3",
            "ext4",
            "xfs",
            "btrfs",
            "bcachefs",
            "f2fs",
            "jfs",
            "reiserfs",
            "nilfs2",
            "zfs",
            "ecryptfs",
            "tmpfs",
            "ramfs",
            "squashfs",
            "erofs",
            "iso9660",
            "udf",
            "overlay",
            "nfs",
            "nfs4",
            "9p",
            "virtiofs",
            "fuseblk");

    /** What the container's own mounts make. */
    private static final Set<String> OF_THE_KERNEL = Set.of("/proc", "/sys", "/dev");

    private static final String RUN = "/run";
    private static final String TMP = "/tmp";
    private static final int MAX_LEVELS = 2;
    private static final int MAX_ENTRIES = 512; // of a directory that is split
    private static final Pattern SPECIAL = Pattern.compile("[:,\\\\]"); // to overlayfs and mount(2)

    private final Path root;
    private final boolean ownsMounts;
    private final Map<String, String> types = new LinkedHashMap<>(); // by mount point

    /**
     * @param root the directory that is the machine's root
     * @param mounts of this process
     * @param ownsMounts whether this is root of the machine, who can see a directory without what is mounted in it
     */
    HostTree(Path root, List<MountInfo> mounts, boolean ownsMounts) {
        this.root = root;
        this.ownsMounts = ownsMounts;
        for (MountInfo mount : mounts) {
            types.put(mount.point(), mount.type()); // of several on one point the last is on top
        }
    }

    /**
     * Returns what is at the top, in the order of names.
     *
     * @throws IOException if the root directory cannot be read
     */
    List<HostEntry> read() throws IOException {
        List<HostEntry> top = new ArrayList<>();
        for (Path file : list(root, Integer.MAX_VALUE)) {
            String path = "/" + name(file);
            if (!OF_THE_KERNEL.contains(path)) {
                add(top, file, path, true, 0);
            }
        }
        return top;
    }

    private void add(List<HostEntry> entries, Path file, String path, boolean parentIsLayer, int level) {
        int mode;
        try {
            mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if (FileMode.isLink(mode)) {
                entries.add(HostEntry.link(path, RawPath.text(Files.readSymbolicLink(file))));
                return;
            }
        } catch (IOException e) {
            return; // it is gone, or not for this user
        }
        if (FileMode.isDirectory(mode) && !SPECIAL.matcher(path).find()) {
            entries.add(directory(file, path, mode & FileMode.PERMISSIONS, parentIsLayer, level));
        }
    }

    private HostEntry directory(Path file, String path, int mode, boolean parentIsLayer, int level) {
        boolean isLayer = types.containsKey(path) ? LAYERS.contains(types.get(path)) : parentIsLayer;
        if (path.equals(RUN)) {
            return HostEntry.directory(path, Kind.EMPTY, mode);
        }
        if (types.keySet().stream().noneMatch(point -> point.startsWith(path + "/"))) {
            return HostEntry.directory(path, isLayer ? Kind.LAYER : Kind.EMPTY, mode);
        }
        if (ownsMounts) {
            return HostEntry.directory(path, isLayer ? Kind.WITHOUT_MOUNTS : Kind.EMPTY, mode);
        }
        return level == MAX_LEVELS || path.equals(TMP)
                ? HostEntry.directory(path, Kind.EMPTY, mode)
                : HostEntry.split(path, mode, inside(file, path, isLayer, level));
    }

    /** Nothing of what has too many entries, or may not be read. */
    private List<HostEntry> inside(Path directory, String path, boolean isLayer, int level) {
        List<HostEntry> entries = new ArrayList<>();
        try {
            for (Path file : list(directory, MAX_ENTRIES)) {
                add(entries, file, path + "/" + name(file), isLayer, level + 1);
            }
        } catch (IOException e) {
            return List.of();
        }
        return entries;
    }

    private static String name(Path file) {
        return RawPath.text(file.getFileName());
    }

    private static List<Path> list(Path directory, int most) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (files.size() == most) {
                    return List.of();
                }
                files.add(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing(HostTree::name));
        return files;
    }
}
