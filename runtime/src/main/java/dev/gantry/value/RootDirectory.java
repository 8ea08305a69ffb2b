package dev.gantry.value;

/**
 * The directory that was made a container's root, and the mount in which it lies. A program in the container may enter
 * another root, chroot(2) and pivot_root(2), which this tells apart.
 *
 * @param device as stat(2) numbers it
 * @param mount its id, unique on this machine until the next boot
 */
public record RootDirectory(long device, long inode, long mount) {
    /** Returns whether it is the same directory, by whatever mount. */
    public boolean isSameAs(RootDirectory other) {
        return device == other.device && inode == other.inode;
    }
}
