package dev.gantry.rootfs;

import dev.gantry.files.FileStamp;
import dev.gantry.kernel.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The users and groups that exist in a process's user namespace, by the ids that this process knows them by, as {@code
 * /proc/PID/uid_map} and {@code gid_map} list them, user_namespaces(7). Immutable.
 *
 * @param isApart whether the namespace is another than this process's own
 */
record MappedIds(boolean isApart, List<Range> users, List<Range> groups) {
    private static final List<Range> ALL = List.of(new Range(0, 0, 0xffff_ffffL));
    private static final MappedIds OWN = new MappedIds(false, ALL, ALL); // a map of one's own namespace is its parent's
    private static final int TO_GROUP = 3;
    private static final int TO_OWNER = 6;

    /** Ids from {@code inside} on in the namespace, which are those from {@code first} on here. */
    record Range(long inside, long first, long count) {
        boolean has(long id) {
            return id >= first && id < first + count;
        }

        boolean hasInside(long id) {
            return id >= inside && id < inside + count;
        }
    }

    MappedIds {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    /**
     * Reads the maps of a process.
     *
     * @throws IOException if it is gone, this process may not look at it, or nobody exists there
     */
    static MappedIds of(int pid) throws IOException {
        if (namespace("self").equals(namespace(Integer.toString(pid)))) {
            return OWN;
        }
        MappedIds ids = new MappedIds(true, ranges(pid, "uid_map"), ranges(pid, "gid_map"));
        if (ids.users.isEmpty() || ids.groups.isEmpty()) {
            throw new IOException("the user namespace of its first process has no users or no groups");
        }
        return ids;
    }

    private static Path namespace(String process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", process, "ns/user"));
    }

    private static List<Range> ranges(int pid, String file) throws IOException {
        return parse(Files.readAllLines(Path.of("/proc", Integer.toString(pid), file)));
    }

    /** Reads lines of three numbers: the first id inside, the first one here, how many. */
    static List<Range> parse(List<String> lines) {
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .map(numbers ->
                        new Range(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])))
                .toList();
    }

    /** Returns whether a file belongs to a user and a group who exist there: its root may do anything with it. */
    boolean own(FileFacts file) {
        return inside(users, file.uid()).isPresent()
                && inside(groups, file.gid()).isPresent();
    }

    /**
     * Returns whether root in the namespace may do something with a file, as the kernel judges: with what does not
     * belong to the namespace it may do what the owner, the group or the others may, whichever it is.
     *
     * @param access bits as the mode has them for others, all of which it takes
     */
    boolean allow(FileFacts file, int access) {
        int shift = file.uid() == rootUser() ? TO_OWNER : file.gid() == rootGroup() ? TO_GROUP : 0;
        return own(file) || (file.mode() >> shift & access) == access;
    }

    /** Returns the user here who is root in the namespace; the first of its users if it has no root. */
    int rootUser() {
        return root(users);
    }

    /** Returns the group here that is root's in the namespace; the first of its groups if it has none such. */
    int rootGroup() {
        return root(groups);
    }

    private static int root(List<Range> ranges) {
        return (int) outside(ranges, 0).orElse(ranges.get(0).first());
    }

    /** Changes a file's owner in the namespace to the same one here; to root there if it has none such. */
    FileStamp outside(FileStamp stamp) {
        return stamp.ownedBy(
                (int) outside(users, Integer.toUnsignedLong(stamp.uid())).orElse(rootUser()),
                (int) outside(groups, Integer.toUnsignedLong(stamp.gid())).orElse(rootGroup()));
    }

    /** Changes a file's owner here to the same one in the namespace; to root if it has none such. */
    FileStamp inside(FileStamp stamp) {
        return stamp.ownedBy((int) inside(users, stamp.uid()).orElse(0), (int)
                inside(groups, stamp.gid()).orElse(0));
    }

    private static OptionalLong outside(List<Range> ranges, long id) {
        return ranges.stream()
                .filter(range -> range.hasInside(id))
                .mapToLong(range -> range.first() + id - range.inside())
                .findFirst();
    }

    private static OptionalLong inside(List<Range> ranges, int id) {
        long here = Integer.toUnsignedLong(id);
        return ranges.stream()
                .filter(range -> range.has(here))
                .mapToLong(range -> range.inside() + here - range.first())
                .findFirst();
    }
}
