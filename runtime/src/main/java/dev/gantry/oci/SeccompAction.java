package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists what can happen on a system call. */
public enum SeccompAction implements NamedConstant {
    KILL,
    KILL_PROCESS,
    KILL_THREAD,
    TRAP,
    ERRNO,
    TRACE,
    ALLOW,
    LOG,
    NOTIFY;

    @Override
    public String ociName() {
        return "SCMP_ACT_" + name();
    }
}
