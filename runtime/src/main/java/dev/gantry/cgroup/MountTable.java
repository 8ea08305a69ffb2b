package dev.gantry.cgroup;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The mounts of a process and which of them its paths reach, proc_pid_mountinfo(5). Immutable. */
final class MountTable {
    private final List<Entry> entries;
    private final Map<String, Entry> byId;

    private MountTable(List<Entry> entries) {
        this.entries = entries;
        this.byId = entries.stream().collect(Collectors.toMap(Entry::id, Function.identity(), (first, more) -> first));
    }

    /**
     * One mount.
     *
     * @param parent the id of the mount that it lies on
     * @param root the directory of its file system that is seen at the mount point
     * @param point its mount point, as it is escaped
     * @param options those of its file system
     */
    record Entry(String id, String parent, String root, String point, String type, String options) {}

    /** Reads the lines of {@code /proc/self/mountinfo}. */
    static MountTable parse(List<String> mountinfo) {
        return new MountTable(mountinfo.stream().map(MountTable::entry).toList());
    }

    private static Entry entry(String line) {
        String[] halves = line.split(" - ", 2);
        String[] left = halves[0].split(" ");
        String[] right = halves[1].split(" ");
        return new Entry(left[0], left[1], left[3], left[4], right[0], right[2]);
    }

    /** Returns the mounts of a type that begins so, in their order, but for those that another one covers. */
    List<Entry> visible(String type) {
        return entries.stream()
                .filter(entry -> entry.type().startsWith(type) && !isCovered(entry, entry))
                .toList();
    }

    /**
     * Order tells nothing: mounts are moved. What lies on the same mount, above on the path, is in the way.
     *
     * @param above the mount on this one by which the path goes on
     */
    private boolean isCovered(Entry mount, Entry above) {
        Entry parent = byId.get(mount.parent());
        if (parent == null || parent.equals(mount)) { // the process's root, where each path begins
            return false;
        }
        return entries.stream()
                        .filter(other -> !other.equals(above))
                        .anyMatch(other -> isOnTop(other, mount) || isInTheWay(other, mount, parent))
                || isCovered(parent, mount);
    }

    private static boolean isOnTop(Entry other, Entry mount) {
        return other.parent().equals(mount.id()) && other.point().equals(mount.point());
    }

    private static boolean isInTheWay(Entry other, Entry mount, Entry parent) {
        return other.parent().equals(parent.id())
                && !other.point().equals(parent.point())
                && mount.point().startsWith(other.point() + "/");
    }
}
