package dev.gantry.kernel;

/**
 * What the kernel says of an opened file, statx(2).
 *
 * @param device of the file system; with {@code inode} it says which file it is
 * @param mount by which the file was reached: an id that no other mount ever has, or before Linux 6.8 none that exists at
 *     the same time
 * @param mode type and permissions, as in stat(2)
 */
public record FileFacts(long device, long inode, long mount, int mode, int uid, int gid) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int STICKY = 01000;

    /** Returns whether it is a directory. */
    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    /** Returns whether it is a symbolic link. */
    public boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    /** Returns whether it is a directory in which everybody may remove only what is their own. */
    public boolean isSticky() {
        return isDirectory() && (mode & STICKY) != 0;
    }
}
