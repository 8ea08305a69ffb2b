package dev.gantry.rootfs;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileFacts;
import dev.gantry.kernel.Kernel;
import dev.gantry.store.RootDirectories;
import dev.gantry.value.ContainerState;
import java.io.IOException;
import java.util.Set;

/**
 * What is done with files for a container: what its own root could do. The container chooses where its links lead, to a
 * directory of the host that is bound in it for one, and the kernel judges there by the rights of this process.
 *
 * <p>All of the rootfs is the container's, no matter which user owns the files; but only while its first process has
 * the root that was made for it, and not another that a program in it has entered.
 */
final class FileRights {
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int SEARCH = 1;
    private static final long NO_MOUNT = -1;

    /** File systems whose content depends on the process that reads it: procfs, sysfs, debugfs and tracefs. */
    private static final Set<Long> OF_THE_KERNEL = Set.of(0x9fa0L, 0x62656572L, 0x64626720L, 0x74726163L);

    private final Kernel kernel;
    private final MappedIds ids;
    private final long rootfs;

    private FileRights(Kernel kernel, MappedIds ids, long rootfs) {
        this.kernel = kernel;
        this.ids = ids;
        this.rootfs = rootfs;
    }

    /**
     * Finds out what they are.
     *
     * @param root the root that the first process has now
     */
    static FileRights of(Kernel kernel, ContainerState state, MappedIds ids, Fd root) {
        FileFacts facts = kernel.facts(root);
        boolean isAsMade = RootDirectories.of(facts).equals(state.root());
        return new FileRights(kernel, ids, isAsMade ? facts.mount() : NO_MOUNT);
    }

    /** Returns whether the kernel judges by the same rights: where the container has no user namespace of its own. */
    boolean areOurs() {
        return !ids.isApart();
    }

    MappedIds ids() {
        return ids;
    }

    /** Makes sure that a file, or the names in a directory, may be read. */
    void requireReadable(Fd file) throws IOException {
        requireContent(file);
        require(allow(kernel.facts(file), READ));
    }

    /** Makes sure that entries of a directory may be reached. */
    void requireSearchable(FileFacts directory) throws IOException {
        require(allow(directory, SEARCH));
    }

    /** Makes sure that a file, or the entries of a directory, may be changed. */
    void requireWritable(Fd file) throws IOException {
        requireContent(file);
        FileFacts facts = kernel.facts(file);
        require(allow(facts, facts.isDirectory() ? WRITE | SEARCH : WRITE));
    }

    /** Makes sure that owner, permissions and times may be changed. */
    void requireOwn(Fd file) throws IOException {
        requireContent(file);
        FileFacts facts = kernel.facts(file);
        require(facts.mount() == rootfs || ids.own(facts));
    }

    /**
     * Makes sure that what a file says does not depend on who reads it, where this process is root and the container's
     * root is not: it would read what is kept from the container, such as addresses of the kernel's, kallsyms.
     */
    void requireContent(Fd file) throws IOException {
        if (ids.isApart() && kernel.effectiveUid() == 0 && OF_THE_KERNEL.contains(kernel.fileSystemType(file))) {
            throw new IOException(
                    "procfs and sysfs let root of this machine see and do more than the container's root: use a"
                            + " program in it, by `exec`");
        }
    }

    private boolean allow(FileFacts file, int access) {
        return file.mount() == rootfs || ids.allow(file, access);
    }

    /** Makes sure that an entry of a directory that may be changed may be removed from it, or replaced. */
    void requireRemovable(Fd directory, Fd entry) throws IOException {
        FileFacts above = kernel.facts(directory);
        FileFacts facts = kernel.facts(entry);
        require(!above.isSticky()
                || above.mount() == rootfs
                || above.uid() == ids.rootUser()
                || facts.uid() == ids.rootUser()
                || ids.own(facts));
    }

    private static void require(boolean isAllowed) throws IOException {
        if (!isAllowed) {
            throw new IOException(
                    "it belongs to a user or a group that does not exist in the container's user namespace (EACCES)");
        }
    }
}
