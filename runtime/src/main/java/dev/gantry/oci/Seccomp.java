package dev.gantry.oci;

import java.util.List;

/**
 * Filters system calls.
 *
 * @param defaultAction for calls that no rule matches
 * @param defaultErrnoRet errno or trace message; absent means {@code EPERM}
 * @param architectures next to the native one
 * @param flags null and empty differ: absent means what the runtime finds best, empty means none
 * @param listenerPath socket of the agent that {@code NOTIFY} asks
 * @param listenerMetadata passed on to the agent
 */
public record Seccomp(
        SeccompAction defaultAction,
        Long defaultErrnoRet,
        List<SeccompArch> architectures,
        List<SeccompFlag> flags,
        String listenerPath,
        String listenerMetadata,
        List<SeccompSyscall> syscalls) {
    public Seccomp {
        architectures = Copies.list(architectures);
        syscalls = Copies.list(syscalls);
        flags = flags == null ? null : List.copyOf(flags);
    }

    /** Returns whether a rule asks the agent. */
    public boolean notifies() {
        for (SeccompSyscall rule : syscalls) {
            if (rule.action() == SeccompAction.NOTIFY) {
                return true;
            }
        }
        return false;
    }
}
