package dev.gantry.cgroup;

import dev.gantry.kernel.DevicePrograms;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.oci.DeviceRule;
import java.util.List;

/** The devices that the processes of a cgroup v2 may use: the program that guards them. Any thread may use it. */
public final class DeviceGuard {
    private final Kernel kernel;
    private final String dir;

    /** Creates the guard of a cgroup by its directory. */
    public DeviceGuard(Kernel kernel, String dir) {
        this.kernel = kernel;
        this.dir = dir;
    }

    /**
     * Makes rules the only ones of the cgroup itself; those of the cgroups above it hold as well. There is no moment in
     * which more is allowed than by the old rules or by the new ones.
     *
     * @param rules of which, for each kind of access, the last one that fits decides; with type and access
     * @throws dev.gantry.kernel.KernelException {@code EINVAL} if this kernel guards no devices on cgroup v2,
     *     {@code EPERM} if this process may not
     */
    public void set(List<DeviceRule> rules) {
        DevicePrograms programs = kernel.devicePrograms();
        try (Fd cgroup = kernel.open(dir, OpenFlag.DIRECTORY)) {
            List<Fd> old = programs.attachedTo(cgroup);
            try (Fd program = programs.load(DeviceProgram.assemble(rules))) {
                if (old.size() == 1) {
                    programs.replace(cgroup, old.get(0), program);
                } else {
                    programs.attach(cgroup, program);
                    old.forEach(each -> programs.detach(cgroup, each));
                }
            } finally {
                old.forEach(Fd::close);
            }
        }
    }
}
