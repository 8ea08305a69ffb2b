package dev.gantry.plan;

import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.OptionalInt;

/** Steps that make entries of directories in the container. Paths are resolved beneath its root. */
public sealed interface NodeStep extends InitStep {

    /** Makes a directory and those above it, unless it is there. */
    record MakeDirectory(String path, int mode) implements NodeStep {
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
    record Mknod(Device device) implements NodeStep {
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

    /**
     * Binds a device of the host to its own path in the root: only the initial user namespace may make a node.
     *
     * @param opened the index under which one was made, in case that the host has no such device
     */
    record BindDevice(Device device, OptionalInt opened) implements NodeStep {
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
                    .set("opened", SourceStep.OpenSource.number(opened));
        }
    }

    /** Makes a symlink, unless its name is taken. */
    record Symlink(String target, String path) implements NodeStep {
        @Override
        public String describe() {
            return "link `%s` to `%s`".formatted(path, target);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SYMLINK).set("target", target).set("path", path);
        }
    }
}
