package dev.gantry.kernel;

/**
 * Makes entries of directories; what is there already stays, {@code EEXIST}. As for {@link Kernel}: any thread,
 * {@link KernelException}, and what is opened belongs to the caller.
 */
public interface FileMaker {
    /** Makes a file and opens it for writing. */
    Fd file(Fd directory, String name, int mode);

    /** Makes a directory. */
    void directory(Fd directory, String name, int mode);

    /** Makes a symbolic link. */
    void link(Fd directory, String name, String target);
}
