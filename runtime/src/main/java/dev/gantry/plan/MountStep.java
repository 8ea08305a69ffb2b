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

    /** Makes a directory at a path of the host as the new mount namespace sees it. */
    record MakeHostDirectory(String path) implements MountStep {
        @Override
        public String describe() {
            return "make directory `%s`".formatted(path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.MAKE_DIR_HOST, path, 0755);
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

    /** Mounts a new file system. */
    record Mount(String type, String source, String target, MountOptions options) implements MountStep {
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
         * @param mapped whether the opened one has its ids mapped, and so is not just there in case the path is out of
         *     reach: a mount that comes from outside of the user namespace keeps its flags locked only if it is opened
         *     inside
         * @param inRoot whether the path is one beneath the container's root, where an earlier mount may lie
         */
        public record Source(String path, OptionalInt opened, boolean mapped, boolean inRoot) {
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
                    !source.mapped(),
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

    /** Binds a device of the host to its own path in the root: only the initial user namespace may make a node. */
    record BindDevice(Device device) implements MountStep {
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
                    Op.BIND_DEVICE, device.path(), Mknod.type(device), Mknod.makedev(device.major(), device.minor()));
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
            long mode = device.fileMode() == null ? 0666 : device.fileMode() & 07777;
            orders.add(
                    Op.MAKE_NODE,
                    device.path(),
                    type(device),
                    number,
                    mode,
                    orZero(device.uid()),
                    orZero(device.gid()));
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
