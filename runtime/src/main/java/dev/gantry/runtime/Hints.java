package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.plan.MountStep;
import dev.gantry.plan.ProcessStep;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.Step;

/** The remedies: what a person can do about a step that was refused, in one place. */
final class Hints {
    private Hints() {}

    /** Returns the remedy, or null where none is known. */
    static String of(Step step, Errno errno) {
        if (step instanceof MountStep.BindMount && errno == Errno.ENOENT) {
            return "the source must exist on the host";
        }
        if (step instanceof MountStep.Mount && errno == Errno.ENODEV) {
            return "the kernel knows no such file system, see /proc/filesystems";
        }
        if (step instanceof ProcessStep.SetHostname && errno == Errno.EINVAL) {
            return "a hostname has at most 64 bytes";
        }
        if (step instanceof ProcessStep.SetRlimit && errno == Errno.EPERM) {
            return "raising a hard limit needs CAP_SYS_RESOURCE";
        }
        if (step instanceof ProcessStep.SetCapabilities && errno == Errno.EPERM) {
            return "a capability is missing from the runtime's own bounding set";
        }
        if (step instanceof ProcessStep.Clone && errno == Errno.EPERM) {
            return "new namespaces need root, or a user namespace";
        }
        if (step instanceof RuntimeStep.WriteIdMaps && errno == Errno.EPERM) {
            return "map only ids that you own, or add them to /etc/subuid and /etc/subgid";
        }
        if (step instanceof RuntimeStep.WriteCgroup && errno == Errno.ENOENT) {
            return "the controller is not enabled in this cgroup";
        }
        return null;
    }
}
