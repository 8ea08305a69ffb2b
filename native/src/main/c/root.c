/* Orders about the root itself: taking it, entering it, and covering what in it is not the container's to see. */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

int root_fd = -1;

static int empty_dir_fd = -1; /* the one read-only tmpfs that masks directories */

/* The root directory of the mount in which a host path lies. */
static int mount_of(const char *path) {
    int at = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (ino_t inode = 0;;) {
        struct stat info;
        if (at < 0 || fstat(at, &info) < 0)
            fail("open `%s`", path);
        if (is_mount_root(at) || info.st_ino == inode) /* the top of a chroot, where ".." leads nowhere else */
            return at;
        inode = info.st_ino;
        int up = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        close(at);
        at = up;
    }
}

static void make_private(const char *path) {
    int mount CLOSES = mount_of(path);
    set_attributes(mount, 0, 0, MS_PRIVATE, false);
}

/*
 * A root that was opened before the clone is taken as it was then, without what was mounted in it since. If its path is
 * out of reach for the user of the new user namespace, it is put over "/", where it hides nothing: an absolute path
 * starts at the process's root, below it.
 */
void do_open_root(const struct wire_op *op) {
    const struct wire_open_root *r = (const void *)op;
    const char *path = text(r->path);
    if (r->bind == 0) {
        root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (root_fd < 0)
            fail("open");
        return;
    }
    if (r->opened != 0 && access(path, X_OK) < 0 && errno == EACCES)
        path = "/";
    if (r->apart)
        make_private(path);
    int at CLOSES = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); /* once: a symlink may lead elsewhere the next time */
    if (at < 0)
        fail("open `%s`", path);
    root_fd = r->opened != 0 ? take_source(r->opened - 1) : clone_tree(at, "", true);
    if (root_fd < 0)
        fail("open_tree");
    attach(root_fd, at);
}

void do_propagation(const struct wire_op *op) {
    const struct wire_propagation *p = (const void *)op;
    int at CLOSES = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        fail("open `/`");
    set_attributes(at, 0, 0, p->type, p->recursive != 0);
}

void do_pivot(const struct wire_op *op) {
    (void)op;
    int old CLOSES = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (old < 0)
        fail("open `/`");
    if (fchdir(root_fd) < 0)
        fail("fchdir");
    if (syscall(SYS_pivot_root, ".", ".") < 0) /* the old root now lies over the new one, at "." of `old` */
        fail("pivot_root");
    if (fchdir(old) < 0)
        fail("fchdir");
    set_attributes(old, 0, 0, MS_SLAVE, true); /* or the unmount would travel to the host */
    if (umount2(".", MNT_DETACH) < 0)
        fail("umount2");
    close_sources();
    if (chdir("/") < 0)
        fail("chdir");
}

bool enter_root(void) {
    return fchdir(root_fd) == 0;
}

static void change_root(void) {
    if (fchdir(root_fd) < 0)
        fail("fchdir");
    if (chroot(".") < 0)
        fail("chroot");
    if (chdir("/") < 0)
        fail("chdir");
}

void do_chroot(const struct wire_op *op) {
    (void)op;
    change_root();
}

/* A line of /proc/self/mountinfo, cut to pieces in place: the mount point, its escapes undone, and the type. */
struct mount_line {
    char *point, *type;
};

static bool parse_mount(char *line, struct mount_line *m) {
    char *at = line;
    for (int field = 0; field < 4 && at != NULL; field++)
        at = strchr(at, ' ') == NULL ? NULL : strchr(at, ' ') + 1;
    char *type = at == NULL ? NULL : strstr(at, " - ");
    if (type == NULL)
        return false;
    m->type = type + 3;
    m->type[strcspn(m->type, " ")] = '\0';
    m->point = at;
    m->point[strcspn(m->point, " ")] = '\0';
    char *to = m->point;
    for (const char *from = m->point; *from != '\0'; from++) {
        if (from[0] == '\\' && from[1] != '\0' && from[2] != '\0' && from[3] != '\0') {
            *to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
            from += 3;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return true;
}

static bool is_below(const char *path, const char *top) {
    size_t length = strlen(top);
    return strncmp(path, top, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/*
 * Unmounts it; or, where the user namespace may not, covers it, which hides it as well from whom it is not to be seen.
 */
static bool remove_or_cover(const char *point) {
    int at CLOSES = open(point, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (at < 0)
        fail("open `%s`", point);
    if (!change_attributes(at, 0, 0, MS_PRIVATE, true)) /* or the unmount would travel to the host */
        fail("mount_setattr `%s`", point);
    if (umount2(point, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
        return true;
    int cover CLOSES = new_empty_directory();
    attach(cover, at);
    return false;
}

/*
 * Every procfs and sysfs outside of the root goes: they would stay in the mount namespace, hidden but fully visible to
 * the kernel, which would let a nested user namespace mount new ones without the masks. The file is read again after
 * each unmount, for it changes below the reader; those that can only be covered are counted and passed by.
 */
static void remove_kernel_trees(int proc, const char *root) {
    static char text_of[1 << 16];
    for (size_t covered = 0;;) {
        size_t used = 0, seen = 0;
        bool removed = false;
        int file CLOSES = open_in(proc, "self/mountinfo", O_RDONLY, 0);
        if (file < 0)
            fail("open `/proc/self/mountinfo`");
        for (long got; !removed && (got = RETRY(read(file, text_of + used, sizeof text_of - 1 - used))) > 0;) {
            used += (size_t)got;
            text_of[used] = '\0';
            char *line = text_of, *end;
            for (; !removed && (end = strchr(line, '\n')) != NULL; line = end + 1) {
                struct mount_line m;
                *end = '\0';
                if (!parse_mount(line, &m) || (strcmp(m.type, "proc") != 0 && strcmp(m.type, "sysfs") != 0)
                    || is_below(m.point, root) || seen++ < covered)
                    continue;
                removed = true;
                covered += remove_or_cover(m.point) ? 0 : 1;
            }
            used = strlen(line);
            memmove(text_of, line, used + 1);
        }
        if (!removed)
            return;
    }
}

void do_move_root(const struct wire_op *op) {
    (void)op;
    char name[NAME_IN_PROCFS], root[PATH_MAX];
    int proc CLOSES = procfs_handle(); /* now: below, the last procfs here may be unmounted */
    int names CLOSES = open_in(proc, "self/fd", O_PATH | O_DIRECTORY, K_RESOLVE_NO_XDEV);
    if (names < 0)
        fail("open `/proc/self/fd`");
    snprintf(name, sizeof name, "%d", root_fd);
    long length = readlinkat(names, name, root, sizeof root - 1);
    if (length < 0)
        fail("readlink");
    root[length] = '\0';
    remove_kernel_trees(proc, root);
    attach_at_host_path(root_fd, "/");
    close_sources();
    change_root();
}

/* A file is covered by the container's own null device, verified to be it (CVE-2025-31133). */
static int clone_null_device(void) {
    int null CLOSES = open_in(root_fd, "/dev/null", O_PATH | O_NOFOLLOW, K_RESOLVE_NO_SYMLINKS);
    if (null < 0)
        fail("open `/dev/null`");
    if (!is_device(null, S_IFCHR, makedev(1, 3)))
        fail_as(ENODEV, "`/dev/null` in the rootfs is not the null device");
    return clone_tree(null, "", false);
}

void do_mask(const struct wire_op *op) {
    const struct wire_mask *m = (const void *)op;
    struct stat info;
    int at CLOSES = open_in(root_fd, text(m->path), O_PATH, 0);
    if (at < 0 && (errno == ENOENT || errno == ENOTDIR))
        return;
    if (at < 0 || fstat(at, &info) < 0)
        fail("open");
    if (S_ISDIR(info.st_mode) && empty_dir_fd < 0) { /* the first stays open: the others are clones of it */
        empty_dir_fd = new_empty_directory();
        attach(empty_dir_fd, at);
        return;
    }
    int cover CLOSES = S_ISDIR(info.st_mode) ? clone_tree(empty_dir_fd, "", false) : clone_null_device();
    if (cover < 0)
        fail("open_tree");
    attach(cover, at);
}

void do_readonly_path(const struct wire_op *op) {
    const struct wire_readonly_path *p = (const void *)op;
    int at CLOSES = open_in(root_fd, text(p->path), O_PATH, 0);
    if (at < 0 && (errno == ENOENT || errno == ENOTDIR))
        return;
    if (at < 0)
        fail("open");
    int tree CLOSES = clone_tree(at, "", true);
    if (tree < 0)
        fail("open_tree");
    set_attributes(tree, K_MOUNT_ATTR_RDONLY, 0, 0, true);
    attach(tree, at);
}

/*
 * A process that waits for its start, or idles, holds no directory: each would be a way into its mount
 * (CVE-2024-21626).
 */
void do_close_root(const struct wire_op *op) {
    (void)op;
    close_at_end(&root_fd);
    close_at_end(&empty_dir_fd);
    root_fd = empty_dir_fd = -1;
    drop_procfs();
}
