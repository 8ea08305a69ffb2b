package dev.gantry.image.layer;

import dev.gantry.files.RawPath;
import dev.gantry.kernel.Entries;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/** What an entry of one directory of one layer is; of a link itself. */
record Node(int mode, int uid, int gid, long device, FileTime modified) {
    private static final int TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /** Returns the entry of an open directory; empty if there is none. */
    static Optional<Node> of(Fd directory, String name) throws IOException {
        try {
            Map<String, Object> all = Files.readAttributes(
                    RawPath.resolve(handle(directory), name),
                    "unix:mode,uid,gid,rdev,lastModifiedTime",
                    LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new Node(
                    (int) all.get("mode"),
                    (int) all.get("uid"),
                    (int) all.get("gid"),
                    (long) all.get("rdev"),
                    (FileTime) all.get("lastModifiedTime")));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    /** Where an open file is, whatever is done to its name. */
    static Path handle(Fd opened) {
        return Path.of("/proc/self/fd/" + opened.number());
    }

    boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }

    boolean isLink() {
        return FileMode.isLink(mode);
    }

    boolean isRegular() {
        return FileMode.isRegular(mode);
    }

    /** Returns whether it is what hides an entry of the layers below, in the form of overlayfs. */
    boolean isWhiteout() {
        return (mode & TYPE) == CHARACTER_DEVICE && device == 0;
    }

    /** Gives the same owner and permissions to an entry, which is no link. */
    void stamp(Entries entries, Fd directory, String name, boolean ownsAll) {
        if (ownsAll) {
            entries.own(directory, name, uid, gid);
        }
        entries.permissions(directory, name, mode & FileMode.PERMISSIONS);
    }
}
