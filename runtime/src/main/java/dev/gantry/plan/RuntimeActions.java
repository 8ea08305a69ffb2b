package dev.gantry.plan;

import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import java.util.List;

/** What the runtime can do in a launch; implemented where the kernel is at hand, faked in tests. */
public interface RuntimeActions {
    /** Makes the directory of a cgroup, and those above it, ready to take processes and to be limited. */
    void makeCgroup(CgroupHierarchy hierarchy, String dir, List<String> handDown);

    /** Has systemd make a unit, whose cgroup is there when this returns. */
    void startUnit(String name, List<UnitProperty> properties);

    /** Writes one value to a control file, in one write. */
    void writeCgroup(String file, String value);

    /** Lets the processes of a cgroup v2 use those devices only that the rules allow. */
    void guardDevices(String dir, List<DeviceRule> rules);

    /** Maps ids of the user namespace in which the waiting init is. */
    void writeIdMaps(RuntimeStep.WriteIdMaps maps);

    /** Runs a hook on the host to its end. */
    void runHook(HookPoint point, int index, Hook hook);

    /** Calls this process's own code that belongs to a point. */
    void runCallbacks(HookPoint point);

    /** Gives the waiting init the container's state as the hooks of a point receive it. */
    void giveState(HookPoint point);
}
