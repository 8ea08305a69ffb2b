package dev.gantry.plan;

import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.IdMapping;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;
import java.util.stream.Collectors;

/** A step that the runtime itself performs on the host, while the init waits or before it exists. */
public sealed interface RuntimeStep extends Step {
    /** Calls the method of {@code actions} that performs this step. */
    void perform(RuntimeActions actions);

    @Override
    default void order(Orders orders) {
        orders.add(Op.SYNC);
    }

    /**
     * Makes a cgroup, and those above it.
     *
     * @param hierarchy in which it lies
     * @param handDown the cgroup v2 controllers that are enabled from the top down to it
     */
    record MakeCgroup(CgroupHierarchy hierarchy, String dir, List<String> handDown) implements RuntimeStep {
        public MakeCgroup {
            handDown = List.copyOf(handDown);
        }

        @Override
        public String describe() {
            return "make cgroup `%s`".formatted(dir);
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.makeCgroup(hierarchy, dir, handDown);
        }
    }

    /** Has systemd make a unit, and with it a cgroup. */
    record StartUnit(String name, List<UnitProperty> properties) implements RuntimeStep {
        public StartUnit {
            properties = List.copyOf(properties);
        }

        @Override
        public String describe() {
            return "start systemd unit `%s`".formatted(name);
        }

        @Override
        public String details() {
            return properties.stream().map(UnitProperty::text).collect(Collectors.joining(", "));
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.startUnit(name, properties);
        }
    }

    /** Writes a control file of the container's cgroup. */
    record WriteCgroup(String file, String value) implements RuntimeStep {
        @Override
        public String describe() {
            return "write `%s` to `%s`".formatted(value, file);
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.writeCgroup(file, value);
        }
    }

    /** Lets the processes of a cgroup v2 use only some devices, by a program of the kernel's. */
    record GuardDevices(String dir, List<DeviceRule> rules) implements RuntimeStep {
        public GuardDevices {
            rules = List.copyOf(rules);
        }

        @Override
        public String describe() {
            return "guard the devices of `%s`".formatted(dir);
        }

        @Override
        public String details() {
            return rules.stream().map(GuardDevices::text).collect(Collectors.joining(", "));
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.guardDevices(dir, rules);
        }

        private static String text(DeviceRule rule) {
            return "%s %s %s:%s %s"
                    .formatted(
                            Boolean.TRUE.equals(rule.allow()) ? "allow" : "deny",
                            rule.type().ociName(),
                            rule.major() == null ? "*" : rule.major(),
                            rule.minor() == null ? "*" : rule.minor(),
                            rule.access());
        }
    }

    /**
     * Writes the id maps of the new user namespace.
     *
     * @param uids empty for the runtime's own ids, each mapped to itself
     * @param uidWriter who writes the users'
     * @param gidWriter who writes the groups'
     */
    record WriteIdMaps(List<IdMapping> uids, List<IdMapping> gids, Writer uidWriter, Writer gidWriter)
            implements RuntimeStep {
        /** Who writes a map. */
        public enum Writer {
            /** The runtime itself. */
            SELF,

            /** newuidmap(1) or newgidmap(1), which may write more. */
            HELPER
        }

        public WriteIdMaps {
            uids = List.copyOf(uids);
            gids = List.copyOf(gids);
        }

        @Override
        public String describe() {
            return uidWriter == Writer.HELPER || gidWriter == Writer.HELPER
                    ? "write id maps by newuidmap"
                    : "write id maps";
        }

        @Override
        public String details() {
            return "uid %s, gid %s".formatted(text(uids), text(gids));
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.writeIdMaps(this);
        }

        private static String text(List<IdMapping> map) {
            return map.isEmpty()
                    ? "as here"
                    : map.stream()
                            .map(m -> "%d:%d:%d".formatted(m.containerID(), m.hostID(), m.size()))
                            .collect(Collectors.joining(","));
        }
    }

    /** Runs a hook on the host, in the bundle's directory, to its end. */
    record RunHook(HookPoint point, int index, Hook hook) implements RuntimeStep {
        @Override
        public String describe() {
            return "run %s hook `%s`".formatted(point.ociName(), hook.path());
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.runHook(point, index, hook);
        }
    }

    /** Calls code of the runtime's own process that stands for hooks, after the config's hooks of the same point. */
    record RunCallbacks(HookPoint point) implements RuntimeStep {
        @Override
        public String describe() {
            return "call back at %s".formatted(point.ociName());
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.runCallbacks(point);
        }
    }

    /** Gives the init what the hooks that it is to run read on their standard input. */
    record GiveState(HookPoint point) implements RuntimeStep {
        @Override
        public String describe() {
            return "give the state for %s hooks".formatted(point.ociName());
        }

        @Override
        public void perform(RuntimeActions actions) {
            actions.giveState(point);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.TAKE_STATE);
        }
    }
}
