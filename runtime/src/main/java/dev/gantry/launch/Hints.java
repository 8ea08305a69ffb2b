package dev.gantry.launch;

import dev.gantry.kernel.Errno;
import dev.gantry.plan.MountStep;
import dev.gantry.plan.NamespaceStep;
import dev.gantry.plan.PrivilegeStep;
import dev.gantry.plan.ProcessStep;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.SourceStep;
import dev.gantry.plan.Step;

/** The remedies: what a person can do about a step that was refused, in one place. */
final class Hints {
    /** For a process that a seccomp filter ended while it was still ours. */
    static final String NEEDED_CALLS = "the seccomp profile must allow read, write, close, execve and exit_group";

    /** For an init that the kernel killed for want of memory; it needs some 300 KiB, measured. */
    static final String TOO_LITTLE_MEMORY = "raise linux.resources.memory.limit";

    private Hints() {}

    /** Returns the remedy, or null where none is known. */
    static String of(Step step, String call, Errno errno) {
        if (step instanceof MountStep.BindMount && errno == Errno.ENOENT && !call.startsWith("mount point")) {
            return "the source must exist on the host";
        }
        if (step instanceof MountStep.Mount && errno == Errno.ENODEV) {
            return "the kernel knows no such file system, see /proc/filesystems";
        }
        if (step instanceof PrivilegeStep.SetUser && errno == Errno.EINVAL) {
            return call.startsWith("more than")
                    ? "leave out groups that the process does not need"
                    : "the user namespace maps no such id";
        }
        if (step instanceof SourceStep.OpenSource && errno == Errno.EINVAL) {
            return "the file system cannot map ids, or the mount has mapped ones already";
        }
        if (step instanceof ProcessStep.FindProgram find && errno == Errno.ENOENT) {
            return words(find.args().get(0));
        }
        if (step instanceof ProcessStep.SetHostname && errno == Errno.EINVAL) {
            return "a hostname has at most 64 bytes";
        }
        if (step instanceof ProcessStep.SetRlimit && errno == Errno.EPERM) {
            return "raising a hard limit needs CAP_SYS_RESOURCE";
        }
        if (step instanceof PrivilegeStep.SetCapabilities && errno == Errno.EPERM) {
            return "a capability is missing from the runtime's own bounding set";
        }
        if (step instanceof PrivilegeStep.InstallSeccomp) {
            return seccomp(errno);
        }
        if (step instanceof PrivilegeStep.GiveUpAdmin) {
            return "allow capset in the seccomp profile, or set noNewPrivileges: it is not needed then";
        }
        if (step instanceof NamespaceStep.Clone && errno == Errno.EPERM) {
            return "new namespaces need root, or a user namespace";
        }
        if (step instanceof NamespaceStep.Clone && errno == Errno.ENOMEM) {
            return "if this machine has memory, " + TOO_LITTLE_MEMORY;
        }
        if (step instanceof RuntimeStep.WriteIdMaps && errno == Errno.EPERM) {
            return "map only ids that you own, or add them to /etc/subuid and /etc/subgid";
        }
        if (step instanceof RuntimeStep.WriteCgroup && errno == Errno.ENOENT) {
            return "the controller is not enabled in this cgroup";
        }
        return null;
    }

    /** The remedy for a whole command line where a program's name belongs. A secret in parts could not be masked. */
    private static String words(String program) {
        return program.strip().split("\\s+").length < 2
                ? null
                : "each word is an argument of its own, as in 'ls', '-la';"
                        + " or a shell splits them: 'sh', '-c', 'ls -la'";
    }

    private static String seccomp(Errno errno) {
        return switch (errno) {
            case EACCES -> "without noNewPrivileges a filter needs CAP_SYS_ADMIN";
            case EBUSY -> "a filter that asks an agent is on already, outside of the container";
            case EINVAL -> "the kernel may be older than a flag or an action of the profile";
            case ENOSYS -> "the kernel is built without CONFIG_SECCOMP_FILTER";
            default -> null;
        };
    }
}
