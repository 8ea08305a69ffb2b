package dev.gantry.plan;

import dev.gantry.oci.NamespaceType;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.Set;

/** Steps by which the process enters and leaves namespaces, and keeps those in them away meanwhile. */
public sealed interface NamespaceStep extends InitStep {

    /**
     * Keeps other processes of the container from looking at this one, or tracing it, until it executes the program
     * (CVE-2016-9962, CVE-2024-21626).
     */
    record Undumpable() implements NamespaceStep {
        @Override
        public String describe() {
            return "become undumpable";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.DUMPABLE).set("dumpable", false);
        }
    }

    /**
     * Becomes dumpable: only then may who is no root of the host write to the files of its process in procfs, or join
     * it.
     */
    record Dumpable() implements NamespaceStep {
        @Override
        public String describe() {
            return "become dumpable";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.DUMPABLE).set("dumpable", true);
        }
    }

    /** Opens an existing namespace by its path on the host, before any that is joined can take the path away. */
    record OpenNamespace(int index, NamespaceType type, String path) implements NamespaceStep {
        @Override
        public String describe() {
            return "open %s namespace `%s`".formatted(type.ociName(), path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_NAMESPACE).set("index", index).set("path", path);
        }
    }

    /** Joins a namespace that was opened. */
    record JoinNamespace(int index, NamespaceType type, String path) implements NamespaceStep {
        @Override
        public String describe() {
            return "join %s namespace `%s`".formatted(type.ociName(), path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.JOIN).set("index", index).set("type", type.flag());
        }
    }

    /** Joins namespaces of the container's first process, whose pidfd the runtime hands over. */
    record JoinContainer(Set<NamespaceType> types) implements NamespaceStep {
        public JoinContainer {
            types = Set.copyOf(types);
        }

        @Override
        public String describe() {
            return "join the container's namespaces";
        }

        @Override
        public String details() {
            return Namespaces.words(types);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.JOIN_TARGET).set("types", Namespaces.flags(types));
        }
    }

    /** Leaves a namespace for a new one, where that cannot wait for, or must wait longer than, {@link Clone}. */
    record Unshare(NamespaceType type) implements NamespaceStep {
        @Override
        public String describe() {
            return "unshare %s namespace".formatted(type.ociName());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.UNSHARE).set("types", type.flag());
        }
    }

    /** Offsets the clocks of the new time namespace; lines as in time_namespaces(7). */
    record TimeOffsets(String lines) implements NamespaceStep {
        @Override
        public String describe() {
            return "set time offsets";
        }

        @Override
        public String details() {
            return lines.strip().replace('\n', ',');
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.WRITE_PROCFS).set("path", "self/timens_offsets").set("content", lines);
        }
    }

    /** Makes the process that goes on, in new namespaces, and in the cgroup that was opened for it, if one was. */
    record Clone(Set<NamespaceType> types) implements NamespaceStep {
        public Clone {
            types = Set.copyOf(types);
        }

        @Override
        public String describe() {
            return types.isEmpty() ? "clone" : "clone into new namespaces";
        }

        @Override
        public String details() {
            return Namespaces.words(types);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CLONE).set("namespaces", Namespaces.flags(types));
        }
    }
}
