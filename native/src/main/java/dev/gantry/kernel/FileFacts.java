package dev.gantry.kernel;

/**
 * What the kernel says of an opened file, statx(2).
 *
 * @param device of the file system; with {@code inode} it says which file it is
 * @param mount by which the file was reached: an id that no other mount ever has, or before Linux 6.8 none that exists
 *     at the same time
 * @param mode type and permissions, as in stat(2)
 */
public record FileFacts(long device, long inode, long mount, int mode, int uid, int gid) {
    /** Returns whether it is a directory. */
    public boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }

    /** Returns whether it is a symbolic link. */
    public boolean isLink() {
        return FileMode.isLink(mode);
    }

    /** Returns whether it is a directory in which everybody may remove only what is their own. */
    public boolean isSticky() {
        return isDirectory() && (mode & FileMode.STICKY) != 0;
    }
}
