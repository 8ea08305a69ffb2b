package dev.gantry.plan;

import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;
import java.util.Locale;

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

    /** Takes a directory of the host as the container's root. */
    record OpenRoot(String path, boolean bind) implements MountStep {
        @Override
        public String describe() {
            return "open root `%s`".formatted(path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_ROOT, path, bind);
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
                    options.data());
        }

        static boolean isKernelTree(String target) {
            return target.equals("/proc") || target.equals("/sys");
        }
    }

    /** Binds a file or directory of the host. */
    record BindMount(String source, String target, MountOptions options) implements MountStep {
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
                    source,
                    target,
                    options.recursiveBind(),
                    options.set(),
                    options.bindClear(),
                    options.recursiveSet(),
                    options.recursiveClear(),
                    options.propagation().flag(),
                    options.propagation().recursive(),
                    Mount.isKernelTree(target));
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
            return device.type() == DeviceType.FIFO
                    ? "p"
                    : "%s %d:%d".formatted(device.type().ociName(), device.major(), device.minor());
        }

        @Override
        public void order(Orders orders) {
            int type = switch (device.type()) {
                case FIFO -> S_IFIFO;
                case BLOCK -> S_IFBLK;
                case CHARACTER, UNBUFFERED -> S_IFCHR;
            };
            long number = device.type() == DeviceType.FIFO ? 0 : makedev(device.major(), device.minor());
            long mode = device.fileMode() == null ? 0666 : device.fileMode() & 07777;
            orders.add(Op.MAKE_NODE, device.path(), type, number, mode, orZero(device.uid()), orZero(device.gid()));
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
