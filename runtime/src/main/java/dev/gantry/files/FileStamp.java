package dev.gantry.files;

import dev.gantry.kernel.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What a copy of a file keeps beside its content.
 *
 * @param mode type and permissions, as in stat(2)
 */
public record FileStamp(int mode, int uid, int gid, FileTime modified) {
    /** Reads it; of a link itself unless links are followed. */
    public static FileStamp of(Path place, LinkOption... options) throws IOException {
        Map<String, Object> all = Files.readAttributes(place, "unix:mode,uid,gid,lastModifiedTime", options);
        return new FileStamp((int) all.get("mode"), (int) all.get("uid"), (int) all.get("gid"), (FileTime)
                all.get("lastModifiedTime"));
    }

    public boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }

    public boolean isRegular() {
        return FileMode.isRegular(mode);
    }

    public boolean isLink() {
        return FileMode.isLink(mode);
    }

    public FileStamp withoutSetIds() {
        return new FileStamp(mode & ~FileMode.SET_IDS, uid, gid, modified);
    }

    public FileStamp ownedBy(int user, int group) {
        return new FileStamp(mode, user, group, modified);
    }

    /** Gives a file or a directory the owner; a link itself if links are not followed. For root only. */
    public void own(Path place, LinkOption... options) throws IOException {
        Files.setAttribute(place, "unix:uid", uid, options);
        Files.setAttribute(place, "unix:gid", gid, options);
    }

    /** Gives a file or a directory permissions and time; after the owner, whose change clears set-id bits. */
    public void seal(Path place) throws IOException {
        Files.setAttribute(place, "unix:mode", mode & FileMode.PERMISSIONS);
        Files.setLastModifiedTime(place, modified);
    }
}
