package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the kinds of namespaces. */
public enum NamespaceType implements NamedConstant {
    MOUNT("mount", "mnt", 0x0002_0000),
    PID("pid", "pid", 0x2000_0000),
    NETWORK("network", "net", 0x4000_0000),
    UTS("uts", "uts", 0x0400_0000),
    IPC("ipc", "ipc", 0x0800_0000),
    USER("user", "user", 0x1000_0000),
    CGROUP("cgroup", "cgroup", 0x0200_0000),
    TIME("time", "time", 0x0000_0080);

    private final String ociName;
    private final String procName;
    private final int flag;

    NamespaceType(String ociName, String procName, int flag) {
        this.ociName = ociName;
        this.procName = procName;
        this.flag = flag;
    }

    @Override
    public String ociName() {
        return ociName;
    }

    /** Returns the name of its file in {@code /proc/PID/ns}. */
    public String procName() {
        return procName;
    }

    /** Returns its {@code CLONE_NEW*} value. */
    public int flag() {
        return flag;
    }
}
