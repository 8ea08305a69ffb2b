package dev.gantry.plan;

import dev.gantry.oci.DeviceRule;
import java.util.List;

/** One thing to set in a container's cgroup. */
public sealed interface CgroupChange {
    /** Returns which property asks for it. */
    String ociPath();

    /** Returns the step of a plan that makes this change. */
    RuntimeStep step();

    /** Returns whether it is the write of a file whose path begins so. */
    default boolean sets(String path) {
        return this instanceof Write write && write.file().startsWith(path);
    }

    /**
     * Returns whether the init, of which there are two while the container is made, would not fit: a limit on tasks
     * below that. The process that becomes the container's first does.
     */
    default boolean leavesNoRoom() {
        return this instanceof Write write
                && write.file().endsWith("/pids.max")
                && List.of("0", "1").contains(write.value());
    }

    /** Returns what is done, for people. */
    default String describe() {
        return step().describe();
    }

    /** One value for one file, in one write. */
    record Write(String ociPath, String file, String value) implements CgroupChange {
        @Override
        public RuntimeStep step() {
            return new RuntimeStep.WriteCgroup(file, value);
        }
    }

    /**
     * The devices that a cgroup v2 may use: the one program that is to guard it.
     *
     * @param dir the cgroup's directory
     * @param rules of which, for each kind of access, the last one that fits decides; what none fits is denied
     */
    record GuardDevices(String ociPath, String dir, List<DeviceRule> rules) implements CgroupChange {
        public GuardDevices {
            rules = List.copyOf(rules);
        }

        @Override
        public RuntimeStep step() {
            return new RuntimeStep.GuardDevices(dir, rules);
        }
    }
}
