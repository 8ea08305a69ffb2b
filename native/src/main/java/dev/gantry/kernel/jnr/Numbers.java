package dev.gantry.kernel.jnr;

import dev.gantry.kernel.Machine;

/**
 * Numbers that are passed to the kernel or come from it, by their names in C; compared with the C compiler's in the
 * tests, for each machine. Flags of open(2) are in {@link dev.gantry.kernel.OpenFlag}.
 */
final class Numbers {
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    /** The three calls here whose numbers are not the same on all machines. */
    static final int SYS_STATX = Machine.IS_X86 ? 332 : 291;

    static final int SYS_MKNODAT = Machine.IS_X86 ? 259 : 33;
    static final int SYS_BPF = Machine.IS_X86 ? 321 : 280;
    static final int SYS_PIDFD_SEND_SIGNAL = 424;
    static final int SYS_PIDFD_OPEN = 434;
    static final int SYS_OPENAT2 = 437;
    static final int SYS_PIDFD_GETFD = 438;
    static final int SYS_LANDLOCK_CREATE_RULESET = 444;
    static final int LANDLOCK_CREATE_RULESET_VERSION = 1;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int XATTR_SIZE_MAX = 65536;
    static final int STATX_BASIC_STATS = 0x7ff;
    static final int STATX_MNT_ID = 0x1000;
    static final int STATX_MNT_ID_UNIQUE = 0x4000; // what a kernel does not know it does not look at
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_CLOEXEC = 02000000;
    static final int SOCK_NONBLOCK = 04000;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_LINGER = 13;
    static final int SO_SNDTIMEO = 21;
    static final int SHUT_WR = 1;
    static final int SOMAXCONN = 4096;
    static final int SCM_RIGHTS = 1;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;
    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final int MFD_NOEXEC_SEAL = 8;
    static final int MFD_EXEC = 16;
    static final int F_ADD_SEALS = 1033;
    static final int F_SEAL_SEAL = 1;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;
    static final int F_SEAL_WRITE = 8;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int P_PIDFD = 3;
    static final int WNOHANG = 1;
    static final int WEXITED = 4;
    static final int CLD_EXITED = 1;
    static final int EPOLL_CLOEXEC = 02000000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EFD_CLOEXEC = 02000000;
    static final int EFD_NONBLOCK = 04000;
    static final int PATH_MAX = 4096;
    static final int PR_GET_DUMPABLE = 3;
    static final int PR_SET_DUMPABLE = 4;
    static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    static final int TCGETS = 0x5401;
    static final int TCSETS = 0x5402;
    static final int TIOCGWINSZ = 0x5413;
    static final int TIOCSWINSZ = 0x5414;
    static final int FIONBIO = 0x5421;
    static final int BPF_PROG_LOAD = 5;
    static final int BPF_PROG_ATTACH = 8;
    static final int BPF_PROG_DETACH = 9;
    static final int BPF_PROG_GET_FD_BY_ID = 13;
    static final int BPF_PROG_QUERY = 16;
    static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    static final int BPF_CGROUP_DEVICE = 6;
    static final int BPF_F_ALLOW_MULTI = 2;
    static final int BPF_F_REPLACE = 4;

    private Numbers() {}
}
