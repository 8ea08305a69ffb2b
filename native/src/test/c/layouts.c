/*
 * What the C compiler thinks of the numbers and structures that the Java side writes by hand; LayoutsSpec compares. It
 * is compiled to assembly and never run, so that a compiler for another machine will do: each SHOW is a line of it.
 */
#define _GNU_SOURCE
#include "wire.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#define SHOW(name, value) __asm__ volatile("\n->" name " %c0" : : "i"((long)(value)))

void show(void);

void show(void) {
#include "names.inc" /* those that the Java side calls as C does, each as SHOW(name, value) */
    SHOW("Layouts.MSGHDR_SIZE", sizeof(struct msghdr));
    SHOW("Layouts.MSGHDR_IOV", offsetof(struct msghdr, msg_iov));
    SHOW("Layouts.MSGHDR_IOVLEN", offsetof(struct msghdr, msg_iovlen));
    SHOW("Layouts.MSGHDR_CONTROL", offsetof(struct msghdr, msg_control));
    SHOW("Layouts.MSGHDR_CONTROLLEN", offsetof(struct msghdr, msg_controllen));
    SHOW("Layouts.SOCKADDR_UN_SIZE", sizeof(struct sockaddr_un));
    SHOW("Layouts.SOCKADDR_UN_PATH", offsetof(struct sockaddr_un, sun_path));
    SHOW("Layouts.SOCKADDR_IN_SIZE", sizeof(struct sockaddr_in));
    SHOW("Layouts.SOCKADDR_IN_PORT", offsetof(struct sockaddr_in, sin_port));
    SHOW("Layouts.SOCKADDR_IN_ADDR", offsetof(struct sockaddr_in, sin_addr));
    SHOW("Layouts.LINGER_SIZE", sizeof(struct linger));
    SHOW("Layouts.TIMESPEC_SIZE", sizeof(struct timespec));
    SHOW("Layouts.TIMESPEC_NSEC", offsetof(struct timespec, tv_nsec));
    SHOW("Layouts.TIMEVAL_SIZE", sizeof(struct timeval));
    SHOW("Layouts.IOVEC_SIZE", sizeof(struct iovec));
    SHOW("Layouts.IOVEC_LEN", offsetof(struct iovec, iov_len));
    SHOW("Layouts.CMSGHDR_SIZE", sizeof(struct cmsghdr));
    SHOW("Layouts.CMSGHDR_LEVEL", offsetof(struct cmsghdr, cmsg_level));
    SHOW("Layouts.CMSGHDR_TYPE", offsetof(struct cmsghdr, cmsg_type));
    SHOW("Layouts.POLLFD_SIZE", sizeof(struct pollfd));
    SHOW("Layouts.POLLFD_EVENTS", offsetof(struct pollfd, events));
    SHOW("Layouts.POLLFD_REVENTS", offsetof(struct pollfd, revents));
    SHOW("Layouts.OPEN_HOW_SIZE", sizeof(struct open_how));
    SHOW("Layouts.OPEN_HOW_MODE", offsetof(struct open_how, mode));
    SHOW("Layouts.OPEN_HOW_RESOLVE", offsetof(struct open_how, resolve));
    SHOW("Layouts.STATX_SIZE", sizeof(struct statx));
    SHOW("Layouts.STATX_UID", offsetof(struct statx, stx_uid));
    SHOW("Layouts.STATX_GID", offsetof(struct statx, stx_gid));
    SHOW("Layouts.STATX_MODE", offsetof(struct statx, stx_mode));
    SHOW("Layouts.STATX_INO", offsetof(struct statx, stx_ino));
    SHOW("Layouts.STATX_DEV_MAJOR", offsetof(struct statx, stx_dev_major));
    SHOW("Layouts.STATX_DEV_MINOR", offsetof(struct statx, stx_dev_minor));
    SHOW("Layouts.STATX_MNT_ID", offsetof(struct statx, stx_mnt_id));
    SHOW("Layouts.WINSIZE_SIZE", sizeof(struct winsize));
    SHOW("Layouts.WINSIZE_COL", offsetof(struct winsize, ws_col));
    SHOW("Layouts.WINSIZE_XPIXEL", offsetof(struct winsize, ws_xpixel));
    SHOW("Layouts.WINSIZE_YPIXEL", offsetof(struct winsize, ws_ypixel));
    SHOW("Layouts.STATFS_SIZE", sizeof(struct statfs));
    SHOW("Layouts.SIGINFO_SIZE", sizeof(siginfo_t));
    SHOW("Layouts.SIGINFO_CODE", offsetof(siginfo_t, si_code));
    SHOW("Layouts.SIGINFO_PID", offsetof(siginfo_t, si_pid));
    SHOW("Layouts.SIGINFO_STATUS", offsetof(siginfo_t, si_status));
    SHOW("Layouts.EPOLL_EVENT_SIZE", sizeof(struct epoll_event));
    SHOW("Layouts.EPOLL_EVENT_DATA", offsetof(struct epoll_event, data));
    SHOW("statfs.f_type", offsetof(struct statfs, f_type));
    SHOW("open_how.flags", offsetof(struct open_how, flags));
    SHOW("winsize.ws_row", offsetof(struct winsize, ws_row));
    SHOW("epoll_event.events", offsetof(struct epoll_event, events));
    SHOW("iovec.iov_base", offsetof(struct iovec, iov_base));
    SHOW("pollfd.fd", offsetof(struct pollfd, fd));
    SHOW("timeval.tv_sec", offsetof(struct timeval, tv_sec));
    SHOW("sockaddr_un.sun_family", offsetof(struct sockaddr_un, sun_family));
    SHOW("cmsghdr.cmsg_len", offsetof(struct cmsghdr, cmsg_len));
    SHOW("FileMode.PERMISSIONS", S_ISUID | S_ISGID | S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO);
    SHOW("FileMode.SET_IDS", S_ISUID | S_ISGID);
    SHOW("FileMode.STICKY", S_ISVTX);
    SHOW("FileMode.GROUP_WRITES", S_IWGRP);
    SHOW("FileMode.OTHERS_WRITE", S_IWOTH);
    SHOW("FileMode.TYPE", S_IFMT);
    SHOW("FileMode.DIRECTORY", S_IFDIR);
    SHOW("FileMode.REGULAR", S_IFREG);
    SHOW("FileMode.LINK", S_IFLNK);
    SHOW("Kernel.POLLIN", POLLIN);
    SHOW("Kernel.POLLPRI", POLLPRI);
    SHOW("Kernel.POLLOUT", POLLOUT);
    SHOW("Resolve.BENEATH", RESOLVE_BENEATH);
    SHOW("Resolve.BENEATH_NO_SYMLINKS", RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    SHOW("Resolve.IN_ROOT", RESOLVE_IN_ROOT);
    SHOW("TerminalModes.BYTES", sizeof(struct termios));
    SHOW("TerminalModes.IFLAG_AT", offsetof(struct termios, c_iflag));
    SHOW("TerminalModes.LFLAG_AT", offsetof(struct termios, c_lflag));
    SHOW("TerminalModes.CC_AT", offsetof(struct termios, c_cc));
    SHOW("TerminalModes.VTIME", VTIME);
    SHOW("TerminalModes.VMIN", VMIN);
    SHOW("TerminalModes.RAW_IFLAG_OFF", IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    SHOW("TerminalModes.RAW_LFLAG_OFF", ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    SHOW("op.code", offsetof(struct wire_op, code));
    SHOW("op.step", offsetof(struct wire_op, step));
    SHOW("op.size", offsetof(struct wire_op, size));
    SHOW("report.step", offsetof(struct wire_report, step));
    SHOW("report.error", offsetof(struct wire_report, error));
    SHOW("report.value", offsetof(struct wire_report, value));
    SHOW("report.text", offsetof(struct wire_report, text));
    SHOW("WIRE_EXEC", WIRE_EXEC);
    SHOW("WIRE_IDLE", WIRE_IDLE);
    SHOW("wire_bind", sizeof(struct wire_bind));
    SHOW("wire_mount.options", offsetof(struct wire_mount, options));
    SHOW("posix_spawn_file_actions_t", sizeof(posix_spawn_file_actions_t));
}
