package dev.gantry.plan;

import dev.gantry.oci.Device;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.OptionalInt;

/** Steps that open what is mounted later, while the process may still reach it on the host, and what becomes of it. */
public sealed interface SourceStep extends InitStep {

    /**
     * Opens a path of the host that will be bound, while the process may still reach it and map its ids.
     *
     * @param extent how much of what is mounted there
     * @param tie to the mounts of the host
     */
    record OpenSource(int index, String path, Extent extent, Tie tie, IdMap map) implements SourceStep {
        /** One mount, or all that are mounted below it too. */
        public enum Extent {
            MOUNT,
            TREE
        }

        /** What becomes of mounts that are made later, mount_namespaces(7). */
        public enum Tie {
            /** They travel as they do on the host. */
            AS_ON_HOST,

            /** Those of the host arrive, but none travels back. */
            SLAVE
        }

        /** How ids are mapped: as in the user namespace at a path, or by lines as in {@code uid_map}, or not at all. */
        public record IdMap(String userNamespace, String uids, String gids, boolean recursive) {
            public static final IdMap NONE = new IdMap(null, null, null, false);
        }

        @Override
        public String describe() {
            return "open `%s`".formatted(path);
        }

        @Override
        public String details() {
            if (map.userNamespace() != null) {
                return "ids mapped as in `%s`".formatted(map.userNamespace());
            }
            return map.uids() == null
                    ? ""
                    : "ids mapped, uid %s, gid %s".formatted(words(map.uids()), words(map.gids()));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_SOURCE)
                    .set("index", index)
                    .set("path", path)
                    .set("recursive", extent == Extent.TREE)
                    .set("apart", tie == Tie.SLAVE)
                    .set("user_namespace", map.userNamespace())
                    .set("uid_map", map.uids())
                    .set("gid_map", map.gids())
                    .set("map_recursive", map.recursive());
        }

        private static String words(String lines) {
            return lines.strip().replace(' ', ':').replace('\n', ',');
        }

        /** The index counted from one, 0 for none. */
        static int number(OptionalInt index) {
            return index.isPresent() ? index.getAsInt() + 1 : 0;
        }
    }

    /**
     * Makes a new file system that will be mounted, while the process still has the rights of the host's root: one that
     * shows a namespace can be made by the namespace's owner only.
     *
     * @param inChild whether a child makes it: a process that joins a pid namespace is not in it itself, only its
     *     children are
     */
    record OpenFilesystem(int index, String type, String source, boolean inChild, MountOptions options)
            implements SourceStep {
        @Override
        public String describe() {
            return "open `%s`".formatted(type);
        }

        @Override
        public String details() {
            return String.join(",", options.data());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_FILESYSTEM)
                    .set("index", index)
                    .set("type", type)
                    .set("source", source)
                    .set("in_child", inChild)
                    .set("options", options.data());
        }
    }

    /**
     * Makes a device node that will be bound, while the process still may, unless the host has that device at that
     * path.
     *
     * @param device whose owner is one of the host
     */
    record OpenNode(int index, Device device) implements SourceStep {
        @Override
        public String describe() {
            return "make device `%s` unless the host has it".formatted(device.path());
        }

        @Override
        public String details() {
            return "%s, mode %04o, owner %d:%d"
                    .formatted(NodeStep.Mknod.numbers(device), NodeStep.Mknod.mode(device), device.uid(), device.gid());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_NODE)
                    .set("index", index)
                    .set("path", device.path())
                    .set("type", NodeStep.Mknod.type(device))
                    .set("rdev", NodeStep.Mknod.makedev(device.major(), device.minor()))
                    .set("mode", NodeStep.Mknod.mode(device))
                    .set("uid", device.uid())
                    .set("gid", device.gid());
        }
    }

    /**
     * Mounts all opened sources in a mount namespace between the host's and the container's, so that the flags that
     * they have on the host are locked in the container.
     *
     * @param directory host path of an empty directory
     */
    record StageSources(String directory) implements SourceStep {
        @Override
        public String describe() {
            return "lock the flags of what was opened";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.STAGE_SOURCES).set("directory", directory);
        }
    }

    /** Mounts a source that was opened already on a directory of the host, in the new mount namespace only. */
    record PlaceSource(int index, String source, String target) implements SourceStep {
        @Override
        public String describe() {
            return "bind `%s` to `%s` of the host".formatted(source, target);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.PLACE_SOURCE).set("index", index).set("target", target);
        }
    }
}
