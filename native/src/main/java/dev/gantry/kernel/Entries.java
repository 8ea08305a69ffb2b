package dev.gantry.kernel;

import java.util.Map;

/**
 * Changes entries of directories that are open, by one name each: none of the calls follows a symbolic link, so that
 * none leads out of the directory. A name must not contain a slash. As for {@link Kernel}: any thread, and
 * {@link KernelException} when the kernel refuses.
 */
public interface Entries {
    /**
     * Makes a device, a fifo, a socket or an empty file, mknod(2).
     *
     * @param mode type and permissions; the umask is taken away from the permissions
     */
    void node(Fd directory, String name, int mode, long major, long minor);

    /** Makes another name of a file; of a symbolic link itself if it is one. */
    void hardLink(Fd from, String name, Fd to, String newName);

    /** Removes a file, a link or a node. */
    void remove(Fd directory, String name);

    /** Removes an empty directory. */
    void removeDirectory(Fd directory, String name);

    /** Gives an entry another name in the same file system; an entry that has this name is replaced. */
    void rename(Fd from, String name, Fd to, String newName);

    /** Sets owner and group. */
    void own(Fd directory, String name, int uid, int gid);

    /** Sets the permissions, the bits of {@link FileMode#PERMISSIONS}; of no symbolic link, {@code EOPNOTSUPP}. */
    void permissions(Fd directory, String name, int mode);

    /** Sets the time of the last access and that of the last change to one value. */
    void time(Fd directory, String name, long seconds, long nanos);

    /** Sets an extended attribute, under its whole name with its name space. */
    void setAttribute(Fd directory, String name, String attribute, byte[] value);

    /** Returns the extended attributes that this process may see. */
    Map<String, byte[]> attributes(Fd directory, String name);

    /** Sets the length of a file that is open for writing; what it gains is a hole. */
    void resize(Fd file, long bytes);

    /** Writes all of the file system in which an open file lies to its device, syncfs(2). Blocks. */
    void sync(Fd fd);
}
