/* Orders about mounts, device nodes and the root: the new mount API throughout, so that a mount is finished (read-only,
 * no exec, mapped) before it becomes visible anywhere, and is attached to a descriptor, never to a path. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

static int root_fd = -1;       /* the container's root; stays valid across the pivot */
static int empty_dir_fd = -1;  /* the one read-only tmpfs that masks directories */

/* What the file system itself says about a refusal, on one line, or "" (fsopen(2): messages are read from the fd). */
static const char *reason(int fs, char *buffer, size_t size) {
    long length = read(fs, buffer + 2, size - 4);
    if (length <= 0) {
        buffer[0] = '\0';
        return buffer;
    }
    char *words = buffer + 2; /* "e overlay: No changes allowed in reconfigure\n" */
    words[length] = '\0';
    words[strcspn(words, "\n")] = '\0';
    char *start = strlen(words) > 2 ? words + 2 : words;
    memmove(buffer + 2, start, strlen(start) + 1);
    memcpy(buffer, " (", 2);
    memcpy(buffer + strlen(buffer), ")", 2);
    return buffer;
}

static void configure(int fs, const char *option) {
    char key[256], why[160];
    size_t length = strcspn(option, "=");
    if (length >= sizeof key)
        fail_as(EINVAL, "fsconfig `%s`", option);
    memcpy(key, option, length);
    key[length] = '\0';
    long done = option[length] == '='
                    ? syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_SET_STRING, key, option + length + 1, 0)
                    : syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_SET_FLAG, key, NULL, 0);
    if (done < 0) {
        int error = errno;
        fail_as(error, "fsconfig `%s`%s", option, reason(fs, why, sizeof why));
    }
}

static int new_filesystem(const char *type, const char *source, wire_list options, const char *mode) {
    char why[160];
    int fs = (int)syscall(K_SYS_FSOPEN, type, K_FSOPEN_CLOEXEC);
    if (fs < 0)
        fail("fsopen `%s`", type);
    if (source != NULL && syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_SET_STRING, "source", source, 0) < 0)
        fail("fsconfig `source=%s`", source);
    if (mode != NULL)
        configure(fs, mode);
    for (uint64_t i = 0; i < count(options); i++)
        configure(fs, item(options, i));
    if (syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) {
        int error = errno;
        fail_as(error, "fsconfig create%s", reason(fs, why, sizeof why));
    }
    return fs;
}

static int new_tree(int fs, uint64_t attributes) {
    int tree = (int)syscall(K_SYS_FSMOUNT, fs, K_FSMOUNT_CLOEXEC, attributes);
    if (tree < 0)
        fail("fsmount");
    return tree;
}

static int clone_tree(int at, const char *path, bool recursive) {
    int flags = K_OPEN_TREE_CLONE | O_CLOEXEC | (recursive ? K_AT_RECURSIVE : 0) | (path[0] == '\0' ? AT_EMPTY_PATH : 0);
    return (int)syscall(K_SYS_OPEN_TREE, at, path, flags);
}

static void set_attributes(int tree, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive) {
    struct k_mount_attr attributes = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
    if (set == 0 && clear == 0 && propagation == 0)
        return;
    if (syscall(K_SYS_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | (recursive ? K_AT_RECURSIVE : 0), &attributes,
                sizeof attributes) < 0)
        fail("mount_setattr");
}

static void attach(int tree, int at) {
    if (syscall(K_SYS_MOVE_MOUNT, tree, "", at, "", K_MOVE_MOUNT_F_EMPTY_PATH | K_MOVE_MOUNT_T_EMPTY_PATH) < 0)
        fail("move_mount");
}

static void attach_at_host_path(int tree, const char *path) {
    if (syscall(K_SYS_MOVE_MOUNT, tree, "", AT_FDCWD, path, K_MOVE_MOUNT_F_EMPTY_PATH) < 0)
        fail("move_mount `%s`", path);
}

/* Files of procfs that may be covered; covering others would mislead who writes there (CVE-2019-16884). */
static bool may_cover(const char *path) {
    static const char *const allowed[] = {
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
        "/proc/slabinfo", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    };
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strcmp(path, allowed[i]) == 0)
            return true;
    return false;
}

/* The mount point `path` in the root, made if it is missing; the root itself is not one. */
static int mount_point(const char *path, mode_t type) {
    int at = make_in(root_fd, path, type, type == S_IFDIR ? 0755 : 0644);
    if (at < 0)
        fail("mount point `%s`", path);
    struct stat root, here;
    if (fstat(root_fd, &root) < 0 || fstat(at, &here) < 0)
        fail("fstat");
    if (root.st_dev == here.st_dev && root.st_ino == here.st_ino)
        fail_as(EINVAL, "mount point `%s` is the root itself", path);
    struct statfs system;
    if (fstatfs(at, &system) < 0)
        fail("fstatfs");
    if (system.f_type == K_PROC_SUPER_MAGIC && !may_cover(path))
        fail_as(EPERM, "mount point `%s` is inside /proc", path);
    return at;
}

/* /proc and /sys decide what many later writes mean, so a symlink in their place is refused (CVE-2019-19921). */
static void require_ordinary_directory(const char *path) {
    int at CLOSES = open_in(root_fd, path, O_PATH | O_DIRECTORY | O_NOFOLLOW, K_RESOLVE_NO_SYMLINKS);
    if (at < 0 && errno != ENOENT)
        fail("`%s` must be mounted on ordinary directory", path);
}

/* A tmpfs over a directory looks like the directory: "mode=0710"; NULL where there is nothing to look like. */
static const char *mode_of(const char *path, char *buffer, size_t size) {
    struct stat info;
    int at CLOSES = open_in(root_fd, path, O_PATH | O_DIRECTORY, 0);
    if (at < 0 || fstat(at, &info) < 0)
        return NULL;
    snprintf(buffer, size, "mode=%o", (unsigned)(info.st_mode & 07777));
    return buffer;
}

void do_mount_host(const struct wire_op *op) {
    const struct wire_mount_host *m = (const void *)op;
    int fs CLOSES = new_filesystem(text(m->type), text(m->source), m->options, NULL);
    int tree CLOSES = new_tree(fs, m->attributes);
    attach_at_host_path(tree, text(m->target));
}

void do_make_dir_host(const struct wire_op *op) {
    const struct wire_make_dir_host *d = (const void *)op;
    if (mkdir(text(d->path), (mode_t)d->mode) < 0 && errno != EEXIST)
        fail("mkdir");
}

void do_open_root(const struct wire_op *op) {
    const struct wire_open_root *r = (const void *)op;
    const char *path = text(r->path);
    if (r->bind == 0) {
        root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (root_fd < 0)
            fail("open");
        return;
    }
    root_fd = clone_tree(AT_FDCWD, path, true);
    if (root_fd < 0)
        fail("open_tree");
    attach_at_host_path(root_fd, path);
}

void do_mount(const struct wire_op *op) {
    const struct wire_mount *m = (const void *)op;
    const char *target = text(m->target);
    char mode[32];

    if (m->ordinary)
        require_ordinary_directory(target);
    const char *like = m->copy_mode ? mode_of(target, mode, sizeof mode) : NULL;
    int at CLOSES = mount_point(target, S_IFDIR);
    int fs CLOSES = new_filesystem(text(m->type), text(m->source), m->options, like);
    int tree CLOSES = new_tree(fs, m->attributes);
    attach(tree, at);
    set_attributes(tree, 0, 0, m->propagation, m->propagation_recursive != 0);
}

void do_bind(const struct wire_op *op) {
    const struct wire_bind *b = (const void *)op;
    const char *source = text(b->source), *target = text(b->target);
    struct stat info;

    int tree CLOSES = clone_tree(AT_FDCWD, source, b->recursive != 0);
    if (tree < 0)
        fail("open_tree `%s`", source);
    if (fstat(tree, &info) < 0)
        fail("fstat");
    if (b->ordinary)
        require_ordinary_directory(target);
    int at CLOSES = mount_point(target, S_ISDIR(info.st_mode) ? S_IFDIR : S_IFREG);
    set_attributes(tree, b->set, b->clear, 0, false);
    set_attributes(tree, b->recursive_set, b->recursive_clear, 0, true);
    attach(tree, at);
    set_attributes(tree, 0, 0, b->propagation, b->propagation_recursive != 0);
}

void do_mount_attr(const struct wire_op *op) {
    const struct wire_mount_attr *a = (const void *)op;
    int at CLOSES = open_in(root_fd, text(a->target), O_PATH, 0);
    if (at < 0)
        fail("open");
    set_attributes(at, a->set, a->clear, a->propagation, a->recursive != 0);
}

void do_propagation(const struct wire_op *op) {
    const struct wire_propagation *p = (const void *)op;
    int at CLOSES = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        fail("open `/`");
    set_attributes(at, 0, 0, p->type, p->recursive != 0);
}

void do_make_dir(const struct wire_op *op) {
    const struct wire_make_dir *d = (const void *)op;
    int at CLOSES = make_in(root_fd, text(d->path), S_IFDIR, (mode_t)d->mode);
    if (at < 0)
        fail("mkdir");
}

void do_make_node(const struct wire_op *op) {
    const struct wire_make_node *n = (const void *)op;
    const char *name;
    int parent CLOSES = open_parent_in(root_fd, text(n->path), &name);
    if (parent < 0)
        fail("open directory");
    if (mknodat(parent, name, (mode_t)(n->type | n->mode), (dev_t)n->rdev) < 0 && errno != EEXIST)
        fail("mknod");
    /* Between the two calls the name may have been swapped: what is changed is what was verified. */
    int node CLOSES = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (node < 0)
        fail("open");
    if (!is_device(node, (mode_t)n->type, n->type == S_IFIFO ? 0 : n->rdev))
        fail_as(EEXIST, "another file is in its place");
    if (fchownat(node, "", (uid_t)n->uid, (gid_t)n->gid, AT_EMPTY_PATH) < 0)
        fail("fchownat");
}

void do_symlink(const struct wire_op *op) {
    const struct wire_symlink *l = (const void *)op;
    const char *name;
    int parent CLOSES = open_parent_in(root_fd, text(l->path), &name);
    if (parent < 0)
        fail("open directory");
    if (symlinkat(text(l->target), parent, name) < 0 && errno != EEXIST)
        fail("symlink");
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
    if (chdir("/") < 0)
        fail("chdir");
}

bool enter_root(void) {
    return fchdir(root_fd) == 0;
}

void do_chroot(const struct wire_op *op) {
    (void)op;
    if (fchdir(root_fd) < 0)
        fail("fchdir");
    if (chroot(".") < 0)
        fail("chroot");
    if (chdir("/") < 0)
        fail("chdir");
}

static int open_mask_tmpfs(void) {
    int fs CLOSES = (int)syscall(K_SYS_FSOPEN, "tmpfs", K_FSOPEN_CLOEXEC);
    if (fs < 0)
        fail("fsopen `tmpfs`");
    configure(fs, "nr_blocks=1");
    configure(fs, "nr_inodes=1");
    if (syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        fail("fsconfig create");
    return new_tree(fs, K_MOUNT_ATTR_RDONLY);
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
        empty_dir_fd = open_mask_tmpfs();
        attach(empty_dir_fd, at);
        return;
    }
    int cover CLOSES = S_ISDIR(info.st_mode) ? clone_tree(empty_dir_fd, "", false) : clone_null_device();
    if (cover < 0)
        fail("open_tree");
    attach(cover, at);
}

/* Binds the terminal to /dev/console, which may be nothing but a file there (CVE-2025-52565). */
void cover_console(int tty) {
    const char *name;
    int dev CLOSES = open_parent_in(root_fd, "/dev/console", &name);
    if (dev < 0)
        fail("open `/dev`");
    int made = openat(dev, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made < 0 && errno != EEXIST)
        fail("open `/dev/console`");
    close_at_end(&made);
    int console CLOSES = openat(dev, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    if (console < 0 || fstat(console, &info) < 0)
        fail("open `/dev/console`");
    if (!S_ISREG(info.st_mode) && !S_ISCHR(info.st_mode))
        fail_as(EEXIST, "`/dev/console` is not a file");
    int tree CLOSES = clone_tree(tty, "", false);
    if (tree < 0)
        fail("open_tree");
    attach(tree, console);
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
