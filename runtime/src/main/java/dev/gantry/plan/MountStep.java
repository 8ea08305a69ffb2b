package dev.gantry.plan;

import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Steps about mounts, device nodes and the root. Targets are paths in the container, resolved beneath its root. */
public sealed interface MountStep extends InitStep {

    /** Sets how mount events travel between the new mount namespace and the host. */
    record SetPropagation(Propagation propagation) implements MountStep {
        @Override
        public String describe() {
            return "make mounts `%s`".formatted(propagation.name().toLowerCase(Locale.ROOT));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.PROPAGATION).set("type", propagation.flag()).set("recursive", propagation.recursive());
        }
    }

    /** Mounts a new file system on a directory of the host, in the new mount namespace only. */
    record MountOnHost(String type, String source, String target, List<String> data) implements MountStep {
        public MountOnHost {
            data = List.copyOf(data);
        }

        @Override
        public String describe() {
            return "mount `%s` on `%s`".formatted(type, target);
        }

        @Override
        public String details() {
            return String.join(",", data);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MOUNT_HOST)
                    .set("type", type)
                    .set("source", source)
                    .set("target", target)
                    .set("attributes", 0)
                    .set("options", data);
        }
    }

    /**
     * Makes a directory at a path of the host as the new mount namespace sees it.
     *
     * @param opaque whether it hides, in the upper layer of an overlay, the one of the same name below
     */
    record MakeHostDirectory(String path, int mode, boolean opaque) implements MountStep {
        private static final int DEFAULT_MODE = 0755;

        static MakeHostDirectory of(String path) {
            return of(path, DEFAULT_MODE);
        }

        static MakeHostDirectory of(String path, int mode) {
            return new MakeHostDirectory(path, mode, false);
        }

        static MakeHostDirectory opaque(String path) {
            return new MakeHostDirectory(path, DEFAULT_MODE, true);
        }

        @Override
        public String describe() {
            return "make directory `%s`".formatted(path);
        }

        @Override
        public String details() {
            if (opaque) {
                return "opaque";
            }
            return mode == DEFAULT_MODE ? "" : "mode %04o".formatted(mode);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MAKE_DIR_HOST).set("path", path).set("mode", mode).set("opaque", opaque);
        }
    }

    /** Mounts a source that was opened already on a directory of the host, in the new mount namespace only. */
    record PlaceSource(int index, String source, String target) implements MountStep {
        @Override
        public String describe() {
            return "bind `%s` to `%s` of the host".formatted(source, target);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.PLACE_SOURCE).set("index", index).set("target", target);
        }
    }

    /**
     * Opens a path of the host that will be bound, while the process may still reach it and map its ids.
     *
     * @param extent how much of what is mounted there
     * @param tie to the mounts of the host
     */
    record OpenSource(int index, String path, Extent extent, Tie tie, IdMap map) implements MountStep {
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
            static final IdMap NONE = new IdMap(null, null, null, false);
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
    }

    /**
     * Mounts all opened sources in a mount namespace between the host's and the container's, so that the flags that they
     * have on the host are locked in the container.
     *
     * @param directory host path of an empty directory
     */
    record StageSources(String directory) implements MountStep {
        @Override
        public String describe() {
            return "lock the flags of what was opened";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.STAGE_SOURCES).set("directory", directory);
        }
    }

    /**
     * Makes a new file system that will be mounted, while the process still has the rights of the host's root: one that
     * shows a namespace can be made by the namespace's owner only.
     *
     * @param inChild whether a child makes it: whoever joins a pid namespace is not in it himself
     */
    record OpenFilesystem(int index, String type, String source, boolean inChild, MountOptions options)
            implements MountStep {
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
     * Makes a device node that will be bound, while the process still may, unless the host has that device at that path.
     *
     * @param device whose owner is one of the host
     */
    record OpenNode(int index, Device device) implements MountStep {
        @Override
        public String describe() {
            return "make device `%s` unless the host has it".formatted(device.path());
        }

        @Override
        public String details() {
            return "%s, mode %04o, owner %d:%d"
                    .formatted(Mknod.numbers(device), Mknod.mode(device), device.uid(), device.gid());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_NODE)
                    .set("index", index)
                    .set("path", device.path())
                    .set("type", Mknod.type(device))
                    .set("rdev", Mknod.makedev(device.major(), device.minor()))
                    .set("mode", Mknod.mode(device))
                    .set("uid", device.uid())
                    .set("gid", device.gid());
        }
    }

    /**
     * Takes a directory of the host as the container's root.
     *
     * @param bind whether it is bound onto itself, to be a mount of its own
     * @param apart whether the mount in which it lies becomes private first, so that no mount travels out of it
     * @param opened the index under which it was opened already, in case that it is out of reach by now
     */
    record OpenRoot(String path, boolean bind, boolean apart, OptionalInt opened) implements MountStep {
        @Override
        public String describe() {
            return "open root `%s`".formatted(path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_ROOT)
                    .set("path", path)
                    .set("bind", bind)
                    .set("apart", apart)
                    .set("opened", BindMount.number(opened));
        }
    }

    /**
     * Mounts a new file system.
     *
     * @param opened the index under which it was opened already, if it was
     */
    record Mount(String type, String source, String target, MountOptions options, OptionalInt opened)
            implements MountStep {
        static Mount of(String type, String source, String target, MountOptions options) {
            return new Mount(type, source, target, options, OptionalInt.empty());
        }

        @Override
        public String describe() {
            return "mount `%s` on `%s`".formatted(type, target);
        }

        @Override
        public String details() {
            return options.describe();
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MOUNT)
                    .set("type", type)
                    .set("source", source)
                    .set("target", target)
                    .set("opened", BindMount.number(opened))
                    .set("attributes", options.set())
                    .set("propagation", options.propagation().flag())
                    .set("propagation_recursive", options.propagation().recursive())
                    .set("ordinary", isKernelTree(target))
                    .set(
                            "copy_mode",
                            type.equals("tmpfs") && options.data().stream().noneMatch(d -> d.startsWith("mode=")))
                    .set("copy_up", options.copyUp())
                    .set("options", options.data());
        }

        static boolean isKernelTree(String target) {
            return target.equals("/proc") || target.equals("/sys");
        }
    }

    /** Binds a file or directory. */
    record BindMount(Source source, String target, MountOptions options) implements MountStep {
        private static final long PROC = 0x9fa0;
        private static final long SYSFS = 0x62656572;

        /**
         * What is bound.
         *
         * @param opened the index under which it was opened already, if it was
         */
        public record Source(String path, Lookup lookup, OptionalInt opened) {
            /** Where it is found. */
            public enum Lookup {
                /** At the path on the host, or if that is out of reach, as it was opened if it was. */
                HOST,

                /**
                 * As it was opened, though the path may be in reach: its ids are mapped, or its flags are locked as if it had
                 * been opened inside of the user namespace.
                 */
                OPENED,

                /** At the path beneath the container's root, where an earlier mount may lie. */
                ROOT
            }

            /** Returns a path of the host that is opened when it is bound. */
            public static Source ofHost(String path) {
                return new Source(path, Lookup.HOST, OptionalInt.empty());
            }

            /** Returns a path beneath the container's root. */
            static Source inRoot(String path) {
                return new Source(path, Lookup.ROOT, OptionalInt.empty());
            }

            /** Returns what was opened under an index. */
            static Source opened(String path, Lookup lookup, int index) {
                return new Source(path, lookup, OptionalInt.of(index));
            }

            @Override
            public String toString() {
                return path;
            }
        }

        @Override
        public String describe() {
            return "bind `%s` to `%s`".formatted(source, target);
        }

        @Override
        public String details() {
            return options.describe();
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.BIND)
                    .set("source", source.path())
                    .set("target", target)
                    .set("opened", number(source.opened()))
                    .set("if_unreachable", source.lookup() != Source.Lookup.OPENED)
                    .set("in_root", source.lookup() == Source.Lookup.ROOT)
                    .set("magic", target.equals("/proc") ? PROC : target.equals("/sys") ? SYSFS : 0)
                    .set("recursive", options.recursiveBind())
                    .set("set", options.set())
                    .set("clear", options.clear())
                    .set("tidy", options.tidied())
                    .set("recursive_set", options.recursiveSet())
                    .set("recursive_clear", options.recursiveClear())
                    .set("propagation", options.propagation().flag())
                    .set("propagation_recursive", options.propagation().recursive())
                    .set("ordinary", Mount.isKernelTree(target));
        }

        /** The index counted from one, 0 for none. */
        static int number(OptionalInt index) {
            return index.isPresent() ? index.getAsInt() + 1 : 0;
        }
    }

    /**
     * Binds a device of the host to its own path in the root: only the initial user namespace may make a node.
     *
     * @param opened the index under which one was made, in case that the host has no such device
     */
    record BindDevice(Device device, OptionalInt opened) implements MountStep {
        @Override
        public String describe() {
            return "bind device `%s`".formatted(device.path());
        }

        @Override
        public String details() {
            return Mknod.numbers(device);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.BIND_DEVICE)
                    .set("path", device.path())
                    .set("type", Mknod.type(device))
                    .set("rdev", Mknod.makedev(device.major(), device.minor()))
                    .set("opened", BindMount.number(opened));
        }
    }

    /** Makes a mount read-only once everything in it is in place. */
    record MakeReadonly(String target) implements MountStep {
        @Override
        public String describe() {
            return "make `%s` read-only".formatted(target);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MOUNT_ATTR)
                    .set("target", target)
                    .set("set", MountOptions.RDONLY)
                    .set("clear", 0)
                    .set("propagation", 0)
                    .set("recursive", false);
        }
    }

    /** Sets the propagation of the container's root. */
    record SetRootPropagation(Propagation propagation) implements MountStep {
        @Override
        public String describe() {
            return "make `/` `%s`".formatted(propagation.name().toLowerCase(Locale.ROOT));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MOUNT_ATTR)
                    .set("target", "/")
                    .set("set", 0)
                    .set("clear", 0)
                    .set("propagation", propagation.flag())
                    .set("recursive", propagation.recursive());
        }
    }

    /** Makes a directory and those above it, unless it is there. */
    record MakeDirectory(String path, int mode) implements MountStep {
        @Override
        public String describe() {
            return "make directory `%s`".formatted(path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MAKE_DIR).set("path", path).set("mode", mode);
        }
    }

    /** Makes a device node. */
    record Mknod(Device device) implements MountStep {
        private static final int S_IFIFO = 0010000;
        private static final int S_IFCHR = 0020000;
        private static final int S_IFBLK = 0060000;

        @Override
        public String describe() {
            return "make device `%s`".formatted(device.path());
        }

        @Override
        public String details() {
            return numbers(device);
        }

        static String numbers(Device device) {
            return device.type() == DeviceType.FIFO
                    ? "p"
                    : "%s %d:%d".formatted(device.type().ociName(), device.major(), device.minor());
        }

        static int type(Device device) {
            return switch (device.type()) {
                case FIFO -> S_IFIFO;
                case BLOCK -> S_IFBLK;
                case CHARACTER, UNBUFFERED -> S_IFCHR;
            };
        }

        @Override
        public void order(Orders orders) {
            long number = device.type() == DeviceType.FIFO ? 0 : makedev(device.major(), device.minor());
            orders.add(Op.MAKE_NODE)
                    .set("path", device.path())
                    .set("type", type(device))
                    .set("rdev", number)
                    .set("mode", mode(device))
                    .set("uid", orZero(device.uid()))
                    .set("gid", orZero(device.gid()));
        }

        static long mode(Device device) {
            return device.fileMode() == null ? 0666 : device.fileMode() & 07777;
        }

        /** Device numbers as makedev(3) of both C libraries packs them. */
        static long makedev(long major, long minor) {
            return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
        }

        private static long orZero(Long id) {
            return id == null ? 0 : id;
        }
    }

    /** Makes a symlink, unless its name is taken. */
    record Symlink(String target, String path) implements MountStep {
        @Override
        public String describe() {
            return "link `%s` to `%s`".formatted(path, target);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SYMLINK).set("target", target).set("path", path);
        }
    }

    /** Makes the root the process's root and lets go of the host's. */
    record PivotRoot() implements MountStep {
        @Override
        public String describe() {
            return "pivot root";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.PIVOT);
        }
    }

    /** Moves the root over the host's, whose procfs and sysfs are taken away first: nobody may see them again. */
    record MoveRoot() implements MountStep {
        @Override
        public String describe() {
            return "move root";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MOVE_ROOT);
        }
    }

    /** Closes the descriptors with which the root was built, so that a process that waits or idles holds no directory. */
    record CloseRoot() implements MountStep {
        @Override
        public String describe() {
            return "close the descriptors of the root";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CLOSE_ROOT);
        }
    }

    /** Changes the root where there is no mount namespace to pivot in. */
    record ChangeRoot() implements MountStep {
        @Override
        public String describe() {
            return "change root";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CHROOT);
        }
    }

    /** Covers a path with itself, read-only; nothing happens where there is no such path. */
    record ReadonlyPath(String path) implements MountStep {
        @Override
        public String describe() {
            return "make `%s` read-only".formatted(path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.READONLY_PATH).set("path", path);
        }
    }

    /** Covers a path with nothing; nothing happens where there is no such path. */
    record MaskPath(String path) implements MountStep {
        @Override
        public String describe() {
            return "mask `%s`".formatted(path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MASK).set("path", path);
        }
    }
}
