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
            orders.add(Op.PROPAGATION, propagation.flag(), propagation.recursive());
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
            orders.add(Op.MOUNT_HOST, type, source, target, 0, data);
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
            orders.add(Op.MAKE_DIR_HOST, path, mode, opaque);
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
            orders.add(Op.PLACE_SOURCE, index, target);
        }
    }

    /**
     * Opens a path of the host that will be bound, while the process may still reach it and map its ids.
     *
     * @param apart whether mounts that the host makes below it later arrive, but none travels back
     */
    record OpenSource(int index, String path, boolean recursive, boolean apart, IdMap map) implements MountStep {
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
            orders.add(
                    Op.OPEN_SOURCE,
                    index,
                    path,
                    recursive,
                    apart,
                    map.userNamespace(),
                    map.uids(),
                    map.gids(),
                    map.recursive());
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
            orders.add(Op.STAGE_SOURCES, directory);
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
            orders.add(Op.OPEN_FILESYSTEM, index, type, source, inChild, options.data());
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
            orders.add(
                    Op.OPEN_NODE,
                    index,
                    device.path(),
                    Mknod.type(device),
                    Mknod.makedev(device.major(), device.minor()),
                    Mknod.mode(device),
                    device.uid(),
                    device.gid());
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
            orders.add(Op.OPEN_ROOT, path, bind, apart, BindMount.number(opened));
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
            orders.add(
                    Op.MOUNT,
                    type,
                    source,
                    target,
                    BindMount.number(opened),
                    options.set(),
                    options.propagation().flag(),
                    options.propagation().recursive(),
                    isKernelTree(target),
                    type.equals("tmpfs") && options.data().stream().noneMatch(d -> d.startsWith("mode=")),
                    options.copyUp(),
                    options.data());
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
         * @param always whether the opened one is taken though the path may be in reach: its ids are mapped, or its flags
         *     are locked as if it had been opened inside of the user namespace
         * @param inRoot whether the path is one beneath the container's root, where an earlier mount may lie
         */
        public record Source(String path, OptionalInt opened, boolean always, boolean inRoot) {
            /** Returns a path of the host that is opened when it is bound. */
            public static Source ofHost(String path) {
                return new Source(path, OptionalInt.empty(), false, false);
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
            orders.add(
                    Op.BIND,
                    source.path(),
                    target,
                    number(source.opened()),
                    !source.always(),
                    source.inRoot(),
                    target.equals("/proc") ? PROC : target.equals("/sys") ? SYSFS : 0,
                    options.recursiveBind(),
                    options.set(),
                    options.clear(),
                    options.tidied(),
                    options.recursiveSet(),
                    options.recursiveClear(),
                    options.propagation().flag(),
                    options.propagation().recursive(),
                    Mount.isKernelTree(target));
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
            orders.add(
                    Op.BIND_DEVICE,
                    device.path(),
                    Mknod.type(device),
                    Mknod.makedev(device.major(), device.minor()),
                    BindMount.number(opened));
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
            orders.add(Op.MOUNT_ATTR, target, MountOptions.RDONLY, 0, 0, false);
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
            orders.add(Op.MOUNT_ATTR, "/", 0, 0, propagation.flag(), propagation.recursive());
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
            orders.add(Op.MAKE_DIR, path, mode);
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
            orders.add(
                    Op.MAKE_NODE,
                    device.path(),
                    type(device),
                    number,
                    mode(device),
                    orZero(device.uid()),
                    orZero(device.gid()));
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
            orders.add(Op.SYMLINK, target, path);
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
            orders.add(Op.READONLY_PATH, path);
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
            orders.add(Op.MASK, path);
        }
    }
}
