/*
 * Files of procfs that the init writes. What lies at a path below /proc may be another file: one procfs file bound over
 * the other, in a mount namespace that somebody else has prepared (CVE-2019-16884, CVE-2025-52881). So they are opened
 * beneath a handle of our own, in which nothing is mounted.
 */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define PROC_ROOT_INODE 1

static bool is_procfs(int fd) {
    struct statfs system;
    struct stat info;
    return fd >= 0 && fstatfs(fd, &system) == 0 && fstat(fd, &info) == 0 && system.f_type == K_PROC_SUPER_MAGIC
           && info.st_ino == PROC_ROOT_INODE;
}

/*
 * A copy of /proc without what is mounted on it; where that is refused, since a user namespace may not look below its
 * mounts, a new instance; where that is too, /proc itself, which openat2(2) does not leave.
 */
static int procfs_handle(void) {
    int handle = clone_tree(AT_FDCWD, "/proc", false);
    if (handle < 0) {
        int fs CLOSES = (int)syscall(K_SYS_FSOPEN, "proc", K_FSOPEN_CLOEXEC);
        if (fs >= 0 && syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
            handle = (int)syscall(K_SYS_FSMOUNT, fs, K_FSMOUNT_CLOEXEC, 0);
    }
    if (handle < 0)
        handle = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        fail("open `/proc`");
    if (!is_procfs(handle))
        fail_as(ENOTSUP, "`/proc` is not procfs");
    return handle;
}

/* Writes a file below /proc, whole, in one write. */
void write_in_procfs(const char *path, const char *value) {
    int proc CLOSES = procfs_handle();
    int file CLOSES = open_in(proc, path, O_WRONLY, K_RESOLVE_NO_XDEV);
    if (file < 0)
        fail("open `/proc/%s`", path);
    size_t length = strlen(value);
    if (RETRY(write(file, value, length)) != (long)length)
        fail("write `/proc/%s`", path);
}
