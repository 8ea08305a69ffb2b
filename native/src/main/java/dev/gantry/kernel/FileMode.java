package dev.gantry.kernel;

/** What is in the mode of a file, {@code inode(7)}: its type, and beside the permissions what else may be set. */
public final class FileMode {
    /** All that {@code chmod(2)} sets. */
    public static final int PERMISSIONS = 07777;

    /** The bits that make a program run as its owner and its group. */
    public static final int SET_IDS = 06000;

    /** On a directory: everybody may remove only what is their own. */
    public static final int STICKY = 01000;

    /** Written by its group. */
    public static final int GROUP_WRITES = 0020;

    /** Written by everybody. */
    public static final int OTHERS_WRITE = 0002;

    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    private FileMode() {}

    /** Returns whether it is a directory's. */
    public static boolean isDirectory(int mode) {
        return (mode & TYPE) == DIRECTORY;
    }

    /** Returns whether it is a regular file's. */
    public static boolean isRegular(int mode) {
        return (mode & TYPE) == REGULAR;
    }

    /** Returns whether it is a symbolic link's. */
    public static boolean isLink(int mode) {
        return (mode & TYPE) == LINK;
    }
}
