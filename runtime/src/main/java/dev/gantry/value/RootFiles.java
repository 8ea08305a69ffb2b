package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.oci.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a running container as it sees them, mounts included; no program in it is needed.
 *
 * <p>A path is the container's: it leads nowhere out of its root, and to nothing but files and directories that its own
 * root user could use. What is made belongs to that user. Streams stay the caller's. Thread-safe.
 */
public interface RootFiles {
    /**
     * Returns the whole content of a file, which may have 64 MiB.
     *
     * @throws ContainerException if it has more, or cannot be read
     */
    byte[] read(String path);

    /** Writes the whole content of a file, new or not, in an existing directory. */
    void write(String path, InputStream content);

    /** Writes at the end of a file, new or not, in an existing directory. */
    void append(String path, InputStream content);

    /** Returns whether there is something, following symbolic links within the container. */
    boolean exists(String path);

    /** Returns whether there is a directory. */
    boolean isDirectory(String path);

    /** Returns the names in a directory, sorted. */
    List<String> list(String path);

    /** Makes a directory with those above it that are missing. */
    void makeDirectories(String path);

    /** Removes a file, a symbolic link or an empty directory. */
    void delete(String path);

    /**
     * Copies a file or a tree of this machine into the container, over what is there, with permissions and times, and,
     * for root, with owners. Links in a tree stay links.
     */
    void copyIn(Path source, String path) throws IOException;

    /** Copies a file or a tree of the container to this machine, in the same way. Holes stay holes. */
    void copyOut(String path, Path target) throws IOException;

    /**
     * Does the same with a limit.
     *
     * @param limit how many bytes are copied at most; an entry of a directory counts as 4 KiB at least
     * @throws IOException if there are more: the file that has them is not made, those before it are
     */
    void copyOut(String path, Path target, long limit) throws IOException;

    /**
     * Returns the user that a text such as {@code 1000}, {@code nobody} or {@code nobody:tty} names. The group of a
     * name is its own, with those that list it as a member; that of a number is the other user's.
     *
     * @param otherwise who gives the group of a number, and the umask
     * @throws ContainerException of kind CONFIG if there is no such user or group
     */
    User user(String text, User otherwise);

    /** Returns the TCP ports on which something in the container's network namespace listens. */
    List<Integer> listeningPorts();
}
