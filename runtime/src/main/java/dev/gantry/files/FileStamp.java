package dev.gantry.files;

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
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int PERMISSIONS = 07777;
    private static final int SET_IDS = 06000;

    /** Reads it; of a link itself unless links are followed. */
    public static FileStamp of(Path place, LinkOption... options) throws IOException {
        Map<String, Object> all = Files.readAttributes(place, "unix:mode,uid,gid,lastModifiedTime", options);
        return new FileStamp((int) all.get("mode"), (int) all.get("uid"), (int) all.get("gid"), (FileTime)
                all.get("lastModifiedTime"));
    }

    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    public boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    public FileStamp withoutSetIds() {
        return new FileStamp(mode & ~SET_IDS, uid, gid, modified);
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
        Files.setAttribute(place, "unix:mode", mode & PERMISSIONS);
        Files.setLastModifiedTime(place, modified);
    }
}
