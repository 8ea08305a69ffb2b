package dev.gantry.oci.rules;

import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompAction;
import dev.gantry.oci.SeccompArg;
import dev.gantry.oci.SeccompSyscall;
import java.util.List;

/** Judges {@code linux.seccomp}. Names of system calls are not judged: unknown ones are ignored when it is loaded. */
final class SeccompRules {
    private static final int MAX_ERRNO = 4095; // the kernel makes anything above it this
    private static final int MAX_TRACE_MESSAGE = 0xffff;

    private SeccompRules() {}

    static void check(Seccomp seccomp, Place place) {
        place.requires("defaultAction", seccomp.defaultAction());
        if (seccomp.defaultAction() == SeccompAction.NOTIFY) {
            place.member("defaultAction").error("SCMP_ACT_NOTIFY cannot be used as default action");
        }
        errnoRet("defaultErrnoRet", seccomp.defaultAction(), seccomp.defaultErrnoRet(), place);
        List<SeccompSyscall> syscalls = seccomp.syscalls();
        for (int i = 0; i < syscalls.size(); i++) {
            syscall(syscalls.get(i), place.item("syscalls", i));
        }
        if (seccomp.notifies() && seccomp.listenerPath() == null) {
            place.member("listenerPath").error("`listenerPath` is missing: `SCMP_ACT_NOTIFY` asks an agent");
        }
    }

    private static void syscall(SeccompSyscall syscall, Place place) {
        if (syscall.names().isEmpty()) {
            place.member("names").error("`names` must not be empty");
        }
        place.requires("action", syscall.action());
        errnoRet("errnoRet", syscall.action(), syscall.errnoRet(), place);
        if (syscall.action() == SeccompAction.NOTIFY && syscall.names().contains("write")) {
            // the container's first process itself has to write to report that the filter is on
            place.error("SCMP_ACT_NOTIFY cannot be used for the write syscall");
        }
        for (int i = 0; i < syscall.args().size(); i++) {
            SeccompArg arg = syscall.args().get(i);
            Place at = place.item("args", i);
            at.requires("index", arg.index());
            at.range("index", arg.index(), 0, 5);
            at.requires("value", arg.value());
            at.requires("op", arg.op());
        }
    }

    /** The specification wants an error, rather than a value that has no effect. */
    private static void errnoRet(String name, SeccompAction action, Long value, Place place) {
        if (value == null || action == null) {
            return;
        }
        switch (action) {
            case ERRNO -> place.range(name, value, 0, MAX_ERRNO);
            case TRACE -> place.range(name, value, 0, MAX_TRACE_MESSAGE);
            case KILL, KILL_PROCESS, KILL_THREAD, TRAP, ALLOW, LOG, NOTIFY ->
                place.member(name).error("`%s` is not for `%s`".formatted(name, action.ociName()));
        }
    }
}
