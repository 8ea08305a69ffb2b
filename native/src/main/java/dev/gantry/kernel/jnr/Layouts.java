package dev.gantry.kernel.jnr;

import dev.gantry.kernel.Machine;

/** Sizes and offsets of the C structures that are filled or read here; compared with a C program's in the tests. */
final class Layouts {
    static final int MSGHDR_SIZE = 56;
    static final int MSGHDR_IOV = 16;
    static final int MSGHDR_IOVLEN = 24;
    static final int MSGHDR_CONTROL = 32;
    static final int MSGHDR_CONTROLLEN = 40;
    static final int SOCKADDR_UN_SIZE = 110;
    static final int SOCKADDR_UN_PATH = 2;
    static final int SOCKADDR_IN_SIZE = 16;
    static final int SOCKADDR_IN_PORT = 2;
    static final int SOCKADDR_IN_ADDR = 4;
    static final int LINGER_SIZE = 8;
    static final int TIMESPEC_SIZE = 16;
    static final int TIMESPEC_NSEC = 8;
    static final int TIMEVAL_SIZE = 16;
    static final int IOVEC_SIZE = 16;
    static final int IOVEC_LEN = 8;
    static final int CMSGHDR_SIZE = 16;
    static final int CMSGHDR_LEVEL = 8;
    static final int CMSGHDR_TYPE = 12;
    static final int POLLFD_SIZE = 8;
    static final int POLLFD_EVENTS = 4;
    static final int POLLFD_REVENTS = 6;
    static final int OPEN_HOW_SIZE = 24;
    static final int OPEN_HOW_MODE = 8;
    static final int OPEN_HOW_RESOLVE = 16;
    static final int STATX_SIZE = 256;
    static final int STATX_UID = 20;
    static final int STATX_GID = 24;
    static final int STATX_MODE = 28;
    static final int STATX_INO = 32;
    static final int STATX_DEV_MAJOR = 136;
    static final int STATX_DEV_MINOR = 140;
    static final int STATX_MNT_ID = 144;
    static final int WINSIZE_SIZE = 8;
    static final int WINSIZE_COL = 2;
    static final int WINSIZE_XPIXEL = 4;
    static final int WINSIZE_YPIXEL = 6;
    static final int STATFS_SIZE = 120;
    static final int SIGINFO_SIZE = 128;
    static final int SIGINFO_CODE = 8;
    static final int SIGINFO_PID = 12 + 4;
    static final int SIGINFO_STATUS = 24;

    /** Packed on x86-64 only: the one structure here that differs between machines. */
    static final int EPOLL_EVENT_SIZE = Machine.IS_X86 ? 12 : 16;

    static final int EPOLL_EVENT_DATA = Machine.IS_X86 ? 4 : 8;

    /** Larger than posix_spawn_file_actions_t of any C library. */
    static final int SPAWN_ACTIONS_ROOM = 256;

    private Layouts() {}
}
