/*
 * What the init does by procfs: files that it writes or reads, and calls that know an open file only by its name there.
 * What lies at a path below /proc may be another file: one procfs file bound over
 * the other, in a mount namespace that somebody else has prepared (CVE-2019-16884, CVE-2025-52881). So they are opened
 * beneath a handle of our own, in which nothing is mounted.
 */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

static int kept = -1;

/* Keeps the procfs of the mount namespace that is about to be left: that of the next one may be anything. */
void keep_procfs(void) {
    if (kept < 0)
        kept = procfs_handle();
}

void drop_procfs(void) {
    close_at_end(&kept);
    kept = -1;
}

/*
 * The one that was kept; else a copy of /proc without what is mounted on it; where that is refused, since a user
 * namespace may not look below its mounts, a new instance; where that is too, /proc itself, which openat2(2) does not
 * leave.
 */
int procfs_handle(void) {
    if (kept >= 0) {
        int copy = fcntl(kept, F_DUPFD_CLOEXEC, 0);
        if (copy < 0)
            fail("fcntl");
        return copy;
    }
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

int open_in_procfs(const char *path, int flags) {
    int proc CLOSES = procfs_handle();
    int file = open_in(proc, path, flags, K_RESOLVE_NO_XDEV);
    if (file < 0)
        fail("open `/proc/%s`", path);
    return file;
}

#define STAYED (-2)

/*
 * Gives an open file a name for calls that take nothing else: in /proc, which is the host's, or, where another mount
 * namespace was joined, by making the kept one's names of our descriptors the working directory. Returns the directory
 * before, for leave_descriptors(); -1 if this user may not look at it, nor needs to.
 */
int enter_descriptors(int fd, char *name) {
    snprintf(name, NAME_IN_PROCFS, kept < 0 ? "/proc/self/fd/%d" : "%d", fd);
    if (kept < 0)
        return STAYED;
    int names CLOSES = open_in_procfs("self/fd", O_PATH | O_DIRECTORY);
    int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fchdir(names) < 0)
        fail("fchdir");
    return before;
}

void leave_descriptors(int before) {
    if (before == STAYED)
        return;
    if ((before < 0 ? chdir("/") : fchdir(before)) < 0)
        fail("fchdir");
    if (before >= 0)
        close(before);
}

/* Writes a file below /proc, whole, in one write. */
void write_in_procfs(const char *path, const char *value) {
    int file CLOSES = open_in_procfs(path, O_WRONLY);
    size_t length = strlen(value);
    if (RETRY(write(file, value, length)) != (long)length)
        fail("write `/proc/%s`", path);
}
