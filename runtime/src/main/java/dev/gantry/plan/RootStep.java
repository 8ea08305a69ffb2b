package dev.gantry.plan;

import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.Locale;
import java.util.OptionalInt;

/** Steps that take a directory as the container's root and make it the root of the process. */
public sealed interface RootStep extends InitStep {

    /**
     * Takes a directory of the host as the container's root.
     *
     * @param bind whether it is bound onto itself, to be a mount of its own
     * @param apart whether the mount in which it lies becomes private first, so that no mount travels out of it
     * @param opened the index under which it was opened already, in case that it is out of reach by now
     */
    record OpenRoot(String path, boolean bind, boolean apart, OptionalInt opened) implements RootStep {
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
                    .set("opened", SourceStep.OpenSource.number(opened));
        }
    }

    /** Sets the propagation of the container's root. */
    record SetRootPropagation(Propagation propagation) implements RootStep {
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

    /** Makes the root the process's root and unmounts the host's. */
    record PivotRoot() implements RootStep {
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
    record MoveRoot() implements RootStep {
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
    record ChangeRoot() implements RootStep {
        @Override
        public String describe() {
            return "change root";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CHROOT);
        }
    }

    /**
     * Closes the descriptors with which the root was built, so that a process that waits or idles holds no directory.
     */
    record CloseRoot() implements RootStep {
        @Override
        public String describe() {
            return "close the descriptors of the root";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CLOSE_ROOT);
        }
    }
}
