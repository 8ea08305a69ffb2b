/* Prints what the C compiler thinks of the structures that the Java side fills by hand; LayoutsSpec compares. */
#define _GNU_SOURCE
#include "wire.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

#define SHOW(name, value) printf("%s %zu\n", name, (size_t)(value))

int main(void) {
    SHOW("MSGHDR_SIZE", sizeof(struct msghdr));
    SHOW("MSGHDR_IOV", offsetof(struct msghdr, msg_iov));
    SHOW("MSGHDR_IOVLEN", offsetof(struct msghdr, msg_iovlen));
    SHOW("MSGHDR_CONTROL", offsetof(struct msghdr, msg_control));
    SHOW("MSGHDR_CONTROLLEN", offsetof(struct msghdr, msg_controllen));
    SHOW("SOCKADDR_UN_SIZE", sizeof(struct sockaddr_un));
    SHOW("SOCKADDR_UN_PATH", offsetof(struct sockaddr_un, sun_path));
    SHOW("TIMEVAL_SIZE", sizeof(struct timeval));
    SHOW("IOVEC_SIZE", sizeof(struct iovec));
    SHOW("IOVEC_LEN", offsetof(struct iovec, iov_len));
    SHOW("CMSGHDR_SIZE", sizeof(struct cmsghdr));
    SHOW("CMSGHDR_LEVEL", offsetof(struct cmsghdr, cmsg_level));
    SHOW("CMSGHDR_TYPE", offsetof(struct cmsghdr, cmsg_type));
    SHOW("POLLFD_SIZE", sizeof(struct pollfd));
    SHOW("POLLFD_EVENTS", offsetof(struct pollfd, events));
    SHOW("POLLFD_REVENTS", offsetof(struct pollfd, revents));
    SHOW("STATX_SIZE", sizeof(struct statx));
    SHOW("STATX_UID", offsetof(struct statx, stx_uid));
    SHOW("STATX_GID", offsetof(struct statx, stx_gid));
    SHOW("STATX_MODE", offsetof(struct statx, stx_mode));
    SHOW("STATX_INO", offsetof(struct statx, stx_ino));
    SHOW("STATX_DEV_MAJOR", offsetof(struct statx, stx_dev_major));
    SHOW("STATX_DEV_MINOR", offsetof(struct statx, stx_dev_minor));
    SHOW("STATX_MNT_ID", offsetof(struct statx, stx_mnt_id));
    SHOW("SYS_STATX", SYS_statx);
    SHOW("STATFS_SIZE", sizeof(struct statfs));
    SHOW("statfs.f_type", offsetof(struct statfs, f_type));
    SHOW("SIGINFO_SIZE", sizeof(siginfo_t));
    SHOW("SIGINFO_CODE", offsetof(siginfo_t, si_code));
    SHOW("SIGINFO_PID", offsetof(siginfo_t, si_pid));
    SHOW("SIGINFO_STATUS", offsetof(siginfo_t, si_status));
    SHOW("EPOLL_EVENT_SIZE", sizeof(struct epoll_event));
    SHOW("EPOLL_EVENT_DATA", offsetof(struct epoll_event, data));
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
    return 0;
}
