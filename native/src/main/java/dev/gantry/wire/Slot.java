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
    /** A pidfd of the process whose namespaces are joined. */
    TARGET,
    /** The fifo that a later {@code start} writes to, open for reading and writing. */
    EXEC_FIFO,
    /**
     * Where reports go once the process is ready: a pipe to the runtime, or the fifo on which a later {@code start}
     * reads them, open for reading and writing.
     */
    REPORTS,
    /** The seccomp filter, a sealed memory file of {@code struct sock_filter}. */
    SECCOMP,
    /** The container's state as hooks read it, a sealed memory file. */
    STATE
}
