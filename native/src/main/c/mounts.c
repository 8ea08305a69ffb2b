/* Orders that put something into the root: the new mount API throughout, so that a mount is finished (read-only, no
 * exec, mapped) before it becomes visible anywhere, and is attached to a descriptor, never to a path. */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

/* Files of procfs that may be covered; covering others would mislead who writes there (CVE-2019-16884). */
static bool may_cover(const char *path) {
    static const char *const allowed[] = {
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/proc/loadavg", "/proc/slabinfo", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
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
    if (outgrows_fsconfig(m->options)) {
        mount_classic(text(m->type), text(m->source), text(m->target), m->options, NULL, m->attributes);
        return;
    }
    int tree CLOSES = new_filesystem(text(m->type), text(m->source), m->options, NULL, m->attributes);
    attach_at_host_path(tree, text(m->target));
}

void do_make_dir_host(const struct wire_op *op) {
    const struct wire_make_dir_host *d = (const void *)op;
    if (mkdir(text(d->path), (mode_t)d->mode) < 0 && errno != EEXIST)
        fail("mkdir");
    if (d->opaque && lsetxattr(text(d->path), "trusted.overlay.opaque", "y", 1, 0) < 0)
        fail("setxattr `trusted.overlay.opaque`");
}

void do_place_source(const struct wire_op *op) {
    const struct wire_place_source *p = (const void *)op;
    int tree CLOSES = take_source(p->index);
    attach_at_host_path(tree, text(p->target));
}

/*
 * mount(2) knows no descriptors but by their names in procfs. What it has mounted is found by
 * its name in the parent; what stands there is taken for it only if it is the top of a mount.
 */
static int mount_long(const struct wire_mount *m, int at, const char *mode) {
    char where[NAME_IN_PROCFS];
    const char *name;
    int before = enter_descriptors(at, where);
    mount_classic(text(m->type), text(m->source), where, m->options, mode, m->attributes);
    leave_descriptors(before);
    int parent CLOSES = open_parent_in(root_fd, text(m->target), &name);
    int tree = parent < 0 ? -1 : openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (tree < 0)
        fail("open");
    if (!is_mount_root(tree))
        fail_as(EAGAIN, "mount point was moved");
    return tree;
}

void do_mount(const struct wire_op *op) {
    const struct wire_mount *m = (const void *)op;
    const char *target = text(m->target);
    char mode[32];

    if (m->ordinary)
        require_ordinary_directory(target);
    const char *like = m->copy_mode ? mode_of(target, mode, sizeof mode) : NULL;
    int at CLOSES = mount_point(target, S_IFDIR);
    if (outgrows_fsconfig(m->options)) {
        int mounted CLOSES = mount_long(m, at, like);
        set_attributes(mounted, 0, 0, m->propagation, m->propagation_recursive != 0);
        return;
    }
    int tree CLOSES = m->opened != 0 ? take_source(m->opened - 1)
                                     : new_filesystem(text(m->type), text(m->source), m->options, like, m->attributes);
    if (m->opened != 0)
        set_attributes(tree, m->attributes, 0, 0, false);
    if (m->copy_up)
        copy_up(at, tree);
    attach(tree, at);
    set_attributes(tree, 0, 0, m->propagation, m->propagation_recursive != 0);
}

static const struct {
    uint64_t attribute;
    unsigned long state; /* as statfs(2) tells it */
    const char *word;
} flags[] = {{K_MOUNT_ATTR_RDONLY, ST_RDONLY, "ro"},
             {K_MOUNT_ATTR_NOSUID, ST_NOSUID, "nosuid"},
             {K_MOUNT_ATTR_NODEV, ST_NODEV, "nodev"},
             {K_MOUNT_ATTR_NOEXEC, ST_NOEXEC, "noexec"},
             {K_MOUNT_ATTR_NODIRATIME, ST_NODIRATIME, "nodiratime"},
             {K_MOUNT_ATTR_NOSYMFOLLOW, K_ST_NOSYMFOLLOW, "nosymfollow"}};

/* The flags that a mount has, of those that can be locked. */
static uint64_t flags_of(int tree) {
    struct statfs info;
    uint64_t set = 0;
    if (fstatfs(tree, &info) < 0)
        fail("fstatfs");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (((unsigned long)info.f_flags & flags[i].state) != 0)
            set |= flags[i].attribute;
    return set;
}

/* `times` says whether the access times are to be others than the mount has, which are locked as well. */
static noreturn void fail_locked(int error, uint64_t have, bool times) {
    char words[96] = "";
    size_t used = 0;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if ((have & flags[i].attribute) != 0)
            used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", used == 0 ? "" : ",", flags[i].word);
    if (times)
        snprintf(words + used, sizeof words - used, "%swith other access times", used == 0 ? "" : ",");
    fail_as(error, "mount_setattr: the source is mounted `%s`, locked in this user namespace", words);
}

/*
 * Flags that the source has from outside of the user namespace are locked: they stay, if nobody asked them away
 * (mount_namespaces(7)).
 */
static void set_flags(int tree, const struct wire_bind *b) {
    if (change_attributes(tree, b->set, b->clear | b->tidy, 0, false))
        return;
    int error = errno;
    uint64_t have = flags_of(tree);
    if (error == EPERM && (b->tidy & have) != 0
        && change_attributes(tree, b->set, b->clear | (b->tidy & ~have), 0, false))
        return;
    bool times = (b->clear & K_MOUNT_ATTR_ATIME) != 0;
    if (error == EPERM && (have != 0 || times))
        fail_locked(error, have, times);
    fail_as(error, "mount_setattr");
}

static int bind_source(const struct wire_bind *b) {
    const char *source = text(b->source);
    if (b->opened != 0 && !b->if_unreachable)
        return take_source(b->opened - 1);
    if (!b->in_root) {
        int tree = clone_tree(AT_FDCWD, source, b->recursive != 0);
        if (tree < 0 && errno == EACCES && b->opened != 0)
            return take_source(b->opened - 1);
        if (tree < 0)
            fail("open_tree `%s`", source);
        return tree;
    }
    int at CLOSES = open_in(root_fd, source, O_PATH, 0);
    int tree = at < 0 ? -1 : clone_tree(at, "", b->recursive != 0);
    if (tree < 0)
        fail("open_tree `%s` in the root", source);
    return tree;
}

void do_bind(const struct wire_op *op) {
    const struct wire_bind *b = (const void *)op;
    const char *target = text(b->target);
    struct stat info;
    struct statfs system;

    int tree CLOSES = bind_source(b);
    if (fstat(tree, &info) < 0 || fstatfs(tree, &system) < 0)
        fail("fstat");
    if (b->magic != 0 && (uint64_t)system.f_type != b->magic)
        fail_as(EPERM, "the source is another file system than belongs there");
    if (b->ordinary)
        require_ordinary_directory(target);
    int at CLOSES = mount_point(target, S_ISDIR(info.st_mode) ? S_IFDIR : S_IFREG);
    set_flags(tree, b);
    set_attributes(tree, b->recursive_set, b->recursive_clear, 0, true);
    attach(tree, at);
    set_attributes(tree, 0, 0, b->propagation, b->propagation_recursive != 0);
}

/* The host's node in the place of one that a user namespace may not make: of the same device, or not at all. */
static int host_device(const struct wire_bind_device *d) {
    int source CLOSES = open(text(d->path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (source < 0)
        fail("open `%s`", text(d->path));
    if (!is_device(source, (mode_t)d->type, d->rdev))
        fail_as(ENODEV, "`%s` of the host is another device", text(d->path));
    int tree = clone_tree(source, "", false);
    if (tree < 0)
        fail("open_tree");
    return tree;
}

void do_bind_device(const struct wire_op *op) {
    const struct wire_bind_device *d = (const void *)op;
    int tree CLOSES =
        d->opened != 0 && has_source(d->opened - 1) ? take_node(d->opened - 1, root_fd) : host_device(d);
    set_attributes(tree, K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NOEXEC, 0, 0, false);
    int at CLOSES = mount_point(text(d->path), S_IFREG);
    attach(tree, at);
}

void do_mount_attr(const struct wire_op *op) {
    const struct wire_mount_attr *a = (const void *)op;
    int at CLOSES = open_in(root_fd, text(a->target), O_PATH, 0);
    if (at < 0)
        fail("open");
    set_attributes(at, a->set, a->clear, a->propagation, a->recursive != 0);
}

void do_make_dir(const struct wire_op *op) {
    const struct wire_make_dir *d = (const void *)op;
    int at CLOSES = make_in(root_fd, text(d->path), S_IFDIR, (mode_t)d->mode);
    if (at < 0)
        fail("mkdir");
}

/*
 * Gives a node that was just made its owner and mode. The device of its directory and the one link show that it is
 * still the one that was made, and not a node of somebody else that was put in its place meanwhile.
 */
static void dress(int node, int parent, const struct wire_make_node *n) {
    char name[NAME_IN_PROCFS];
    struct stat here, info;
    if (fstat(parent, &here) < 0 || fstat(node, &info) < 0)
        fail("fstat");
    if (info.st_dev != here.st_dev || info.st_nlink != 1)
        fail_as(EEXIST, "another file is in its place");
    if ((info.st_uid != n->uid || info.st_gid != n->gid)
        && fchownat(node, "", (uid_t)n->uid, (gid_t)n->gid, AT_EMPTY_PATH) < 0)
        fail("fchownat");
    if ((info.st_mode & 07777) == n->mode)
        return;
    snprintf(name, sizeof name, "%d", node);
    int names CLOSES = open_in_procfs("self/fd", O_PATH | O_DIRECTORY);
    if (fchmodat(names, name, (mode_t)n->mode, 0) < 0)
        fail("fchmodat");
}

/* A node that is there already is verified, never changed. */
void do_make_node(const struct wire_op *op) {
    const struct wire_make_node *n = (const void *)op;
    const char *name;
    int parent CLOSES = open_parent_in(root_fd, text(n->path), &name);
    if (parent < 0)
        fail("open directory");
    bool made = mknodat(parent, name, (mode_t)(n->type | n->mode), (dev_t)n->rdev) == 0;
    if (!made && errno != EEXIST)
        fail("mknod");
    /* Between the two calls the name may have been swapped: what is changed is what was verified. */
    int node CLOSES = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (node < 0)
        fail("open");
    if (!is_device(node, (mode_t)n->type, n->type == S_IFIFO ? 0 : n->rdev))
        fail_as(EEXIST, "another file is in its place");
    if (made)
        dress(node, parent, n);
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
