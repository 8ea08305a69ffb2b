/*
 * Paths beneath a root. A container owns its rootfs and may swap any part of it for a symlink at any moment, so no path
 * below it is ever handed to the kernel as a bare string: it is resolved with RESOLVE_IN_ROOT and used as a descriptor
 * (CVE-2021-30465, CVE-2024-45310, CVE-2026-41579).
 */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define MOST_SYMLINKS 40 /* as the kernel's MAXSYMLINKS */

/* Opens `path` as seen from `root`; -1 with errno. Symlinks are followed inside the root, magic links never. */
int open_in(int root, const char *path, int flags, uint64_t resolve) {
    struct k_open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
                             .resolve = K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS | resolve};
    long fd;
    do /* EAGAIN: something was renamed while the kernel looked; it promises to settle */
        fd = syscall(K_SYS_OPENAT2, root, path, &how, sizeof how);
    while (fd < 0 && (errno == EINTR || errno == EAGAIN));
    return (int)fd;
}

/* `done` is the part of the path already resolved, free of symlinks; drops its last name. */
static void pop(char *done) {
    char *slash = strrchr(done, '/');
    if (slash != NULL)
        *slash = '\0';
}

static bool push(char *done, const char *name, size_t length) {
    size_t used = strlen(done);
    if (used + 1 + length >= PATH_MAX)
        return false;
    done[used] = '/';
    memcpy(done + used + 1, name, length);
    done[used + 1 + length] = '\0';
    return true;
}

static int parent_of(int root, const char *done, const char **name) {
    char parent[PATH_MAX];
    memcpy(parent, done, strlen(done) + 1);
    pop(parent);
    *name = strrchr(done, '/') + 1;
    return open_in(root, parent[0] == '\0' ? "/" : parent, O_PATH | O_DIRECTORY, K_RESOLVE_NO_SYMLINKS);
}

static int create(int root, const char *done, mode_t type, mode_t mode) {
    const char *name;
    int parent CLOSES = parent_of(root, done, &name);
    if (parent < 0)
        return -1;
    if (type == S_IFDIR) /* the mode set-gid is inherited by the kernel itself */
        return mkdirat(parent, name, mode);
    int file = openat(parent, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode);
    if (file < 0)
        return -1;
    return close(file);
}

/* Puts the target of the symlink `done` in front of the rest of the path; false with errno. */
static bool follow(int root, char *done, char *rest) {
    char target[PATH_MAX], tail[PATH_MAX];
    int link CLOSES = open_in(root, done, O_PATH | O_NOFOLLOW, 0);
    if (link < 0)
        return false;
    long length = readlinkat(link, "", target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    memcpy(tail, rest, strlen(rest) + 1);
    if (snprintf(rest, PATH_MAX, "%s/%s", target, tail) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (target[0] == '/')
        done[0] = '\0';
    else
        pop(done);
    return true;
}

/*
 * Opens `path` beneath `root`, O_PATH, making what is missing: directories 0755 on the way, at its end a directory or
 * an empty file (`type`) with `mode`. Symlinks, dangling ones too, lead where they lead inside the root. -1 with errno.
 */
int make_in(int root, const char *path, mode_t type, mode_t mode) {
    char done[PATH_MAX] = "", rest[PATH_MAX];
    int links = 0;

    int fd = open_in(root, path, O_PATH, 0); /* the usual case: it is there */
    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (snprintf(rest, sizeof rest, "%s", path) >= (int)sizeof rest) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (;;) {
        char *start = rest + strspn(rest, "/");
        size_t length = strcspn(start, "/");
        if (length == 0)
            break;
        bool last = start[length + strspn(start + length, "/")] == '\0';
        if (length == 2 && memcmp(start, "..", 2) == 0)
            pop(done);
        else if ((length != 1 || start[0] != '.') && !push(done, start, length)) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memmove(rest, start + length, strlen(start + length) + 1);

        struct stat info;
        int found CLOSES = open_in(root, done[0] == '\0' ? "/" : done, O_PATH | O_NOFOLLOW, 0);
        if (found < 0 && errno != ENOENT)
            return -1;
        if (found < 0 && create(root, done, last ? type : S_IFDIR, last ? mode : 0755) < 0 && errno != EEXIST)
            return -1;
        if (found >= 0 && fstat(found, &info) < 0)
            return -1;
        if (found >= 0 && S_ISLNK(info.st_mode)) {
            if (++links > MOST_SYMLINKS) {
                errno = ELOOP;
                return -1;
            }
            if (!follow(root, done, rest))
                return -1;
        }
    }
    return open_in(root, done[0] == '\0' ? "/" : done, O_PATH, 0);
}

/* Opens the directory that holds the last name of `path`, making it if need be; `name` points into `path`. */
int open_parent_in(int root, const char *path, const char **name) {
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    *name = slash == NULL ? path : slash + 1;
    if (slash == NULL || slash == path)
        return open_in(root, "/", O_PATH | O_DIRECTORY, 0);
    if (snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path) >= (int)sizeof parent) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return make_in(root, parent, S_IFDIR, 0755);
}

bool is_device(int fd, mode_t type, uint64_t rdev) {
    struct stat info;
    return fstat(fd, &info) == 0 && (info.st_mode & S_IFMT) == type && info.st_rdev == rdev;
}

/* Whether what was opened is the top of a mount; not where the kernel is older than 5.8 and does not tell. */
bool is_mount_root(int fd) {
    struct k_statx info = {.attributes = 0};
    if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, 0, &info) < 0)
        fail("statx");
    return (info.attributes & K_STATX_ATTR_MOUNT_ROOT) != 0;
}

/* Writes an existing file at a host path, whole, in one write. */
void write_to(const char *path, const char *content) {
    int file CLOSES = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        fail("open `%s`", path);
    size_t length = strlen(content);
    if (RETRY(write(file, content, length)) != (long)length)
        fail("write `%s`", path);
}
