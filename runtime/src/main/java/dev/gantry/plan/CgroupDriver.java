package dev.gantry.plan;

/** Who makes a container's cgroup. */
public enum CgroupDriver {
    /** The runtime itself, by making directories. */
    CGROUPFS,

    /** systemd, which is asked for a scope; {@code linux.cgroupsPath} is {@code slice:prefix:name} then. */
    SYSTEMD
}
