package dev.gantry.wire;

/** Names the descriptors that the runtime may hand to {@code gantry-init}; an order refers to one by its slot. */
public enum Slot {
    /** The plan itself, a sealed memory file. */
    PLAN,
    /** Becomes descriptor 0. */
    STDIN,
    /** Becomes descriptor 1. */
    STDOUT,
    /** Becomes descriptor 2. */
    STDERR,
    /** A cgroup v2 directory in which stage two is born. */
    CGROUP,
    /** A pidfd of the process whose namespaces are joined. */
    TARGET,
    /** The fifo that a later {@code start} writes to, open for reading and writing. */
    EXEC_FIFO,
    /** The fifo on which that {@code start} reads reports, open for reading and writing. */
    REPORT_FIFO,
    /** The seccomp filter, a sealed memory file of {@code struct sock_filter}. */
    SECCOMP,
    /** The container's state as hooks read it, a sealed memory file. */
    STATE,
    /** Keeps a number from 3 on that the program finds it under; the only slot of which there may be many, in order. */
    PRESERVED
}
