package dev.gantry.plan;

import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Steps about mounts. Targets are paths in the container, resolved beneath its root. */
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

        public static MakeHostDirectory of(String path) {
            return of(path, DEFAULT_MODE);
        }

        public static MakeHostDirectory of(String path, int mode) {
            return new MakeHostDirectory(path, mode, false);
        }

        public static MakeHostDirectory opaque(String path) {
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

    /**
     * Mounts a new file system.
     *
     * @param opened the index under which it was opened already, if it was
     */
    record Mount(String type, String source, String target, MountOptions options, OptionalInt opened)
            implements MountStep {
        public static Mount of(String type, String source, String target, MountOptions options) {
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
                    .set("opened", SourceStep.OpenSource.number(opened))
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
                 * As it was opened, though the path may be in reach: its ids are mapped, or its flags are locked as if
                 * it had been opened inside of the user namespace.
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
            public static Source inRoot(String path) {
                return new Source(path, Lookup.ROOT, OptionalInt.empty());
            }

            /** Returns what was opened under an index. */
            public static Source opened(String path, Lookup lookup, int index) {
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
                    .set("opened", SourceStep.OpenSource.number(source.opened()))
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
