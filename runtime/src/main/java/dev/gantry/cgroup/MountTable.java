package dev.gantry.cgroup;

import dev.gantry.proc.MountInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells which mounts of a process its paths reach. Immutable. */
final class MountTable {
    private final List<MountInfo> entries;
    private final Map<String, MountInfo> byId;

    MountTable(List<MountInfo> entries) {
        this.entries = entries;
        this.byId =
                entries.stream().collect(Collectors.toMap(MountInfo::id, Function.identity(), (first, more) -> first));
    }

    /** Returns the mounts of a type that begins so, in their order, but for those that another one covers. */
    List<MountInfo> visible(String type) {
        return entries.stream()
                .filter(entry -> entry.type().startsWith(type) && !isCovered(entry, entry))
                .toList();
    }

    /**
     * Order tells nothing: mounts are moved. What lies on the same mount, above on the path, is in the way.
     *
     * @param above the mount on this one by which the path goes on
     */
    private boolean isCovered(MountInfo mount, MountInfo above) {
        MountInfo parent = byId.get(mount.parent());
        if (parent == null || parent == mount) { // the process's root, where each path begins
            return false;
        }
        return entries.stream()
                        .filter(other -> other != above)
                        .anyMatch(other -> isOnTop(other, mount) || isInTheWay(other, mount, parent))
                || isCovered(parent, mount);
    }

    private static boolean isOnTop(MountInfo other, MountInfo mount) {
        return other.parent().equals(mount.id()) && other.point().equals(mount.point());
    }

    private static boolean isInTheWay(MountInfo other, MountInfo mount, MountInfo parent) {
        return other.parent().equals(parent.id())
                && !other.point().equals(parent.point())
                && mount.point().startsWith(other.point() + "/");
    }
}
