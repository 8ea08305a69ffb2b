/* New file systems, by the new mount API wherever it will do, and the copy with which a tmpfs may start. */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define MOST_FSCONFIG_BYTES 255
#define MOST_CLASSIC_BYTES 4096 /* one page, and not the mount(2) of any architecture takes less */
#define MOST_DEPTH 200          /* of a tree that is copied: each level holds two descriptors */
#define COPY_BYTES (1 << 20)

struct k_dirent64 {
    uint64_t ino;
    int64_t off;
    unsigned short length;
    unsigned char type;
    char name[];
};

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
    char key[MOST_FSCONFIG_BYTES + 1], why[160];
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

static int new_tree(int fs, uint64_t attributes) {
    int tree = (int)syscall(K_SYS_FSMOUNT, fs, K_FSMOUNT_CLOEXEC, attributes);
    if (tree < 0)
        fail("fsmount");
    return tree;
}

/* A new file system that is mounted nowhere yet. */
int new_filesystem(const char *type, const char *source, wire_list options, const char *mode, uint64_t attributes) {
    char why[160];
    int fs CLOSES = (int)syscall(K_SYS_FSOPEN, type, K_FSOPEN_CLOEXEC);
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
    return new_tree(fs, attributes);
}

/* Whether an option has a value longer than fsconfig(2) takes: the layers of an overlay, as a rule. */
bool outgrows_fsconfig(wire_list options) {
    for (uint64_t i = 0; i < count(options); i++) {
        const char *value = strchr(item(options, i), '=');
        if (value != NULL && strlen(value + 1) > MOST_FSCONFIG_BYTES)
            return true;
    }
    return false;
}

static unsigned long classic_flags(uint64_t attributes) {
    static const struct {
        uint64_t attribute;
        unsigned long flag;
    } pairs[] = {{K_MOUNT_ATTR_RDONLY, MS_RDONLY},       {K_MOUNT_ATTR_NOSUID, MS_NOSUID},
                 {K_MOUNT_ATTR_NODEV, MS_NODEV},         {K_MOUNT_ATTR_NOEXEC, MS_NOEXEC},
                 {K_MOUNT_ATTR_NOATIME, MS_NOATIME},     {K_MOUNT_ATTR_STRICTATIME, MS_STRICTATIME},
                 {K_MOUNT_ATTR_NODIRATIME, MS_NODIRATIME}, {K_MOUNT_ATTR_NOSYMFOLLOW, K_MS_NOSYMFOLLOW}};
    unsigned long flags = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if ((attributes & pairs[i].attribute) != 0)
            flags |= pairs[i].flag;
    return flags;
}

/* Mounts by mount(2), on a path of the host or a descriptor's in procfs: all options in one string of up to a page. */
void mount_classic(const char *type, const char *source, const char *where, wire_list options, const char *mode,
                   uint64_t attributes) {
    static char data[MOST_CLASSIC_BYTES];
    size_t used = (size_t)snprintf(data, sizeof data, "%s", mode == NULL ? "" : mode);
    for (uint64_t i = 0; i < count(options); i++) {
        used += (size_t)snprintf(data + used, sizeof data - used, "%s%s", used == 0 ? "" : ",", item(options, i));
        if (used >= sizeof data)
            fail_as(EINVAL, "options longer than %zu bytes", sizeof data - 1);
    }
    if (mount(source, where, type, classic_flags(attributes), data) < 0)
        fail("mount");
}

static int new_small_directory(const char *inodes, uint64_t attributes) {
    int fs CLOSES = (int)syscall(K_SYS_FSOPEN, "tmpfs", K_FSOPEN_CLOEXEC);
    if (fs < 0)
        fail("fsopen `tmpfs`");
    configure(fs, "nr_blocks=1");
    configure(fs, inodes);
    if (syscall(K_SYS_FSCONFIG, fs, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        fail("fsconfig create");
    return new_tree(fs, attributes);
}

/* The one read-only tmpfs with which directories are masked: it has room for nothing. */
int new_empty_directory(void) {
    return new_small_directory("nr_inodes=1", K_MOUNT_ATTR_RDONLY);
}

/* A tmpfs with room for one entry without content, a device node. */
int new_directory_of_one(void) {
    return new_small_directory("nr_inodes=2", K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NOEXEC);
}

/* A tmpfs with room for the mount points of all sources. */
int new_directory_of_sources(void) {
    char inodes[32];
    snprintf(inodes, sizeof inodes, "nr_inodes=%d", WIRE_MOST_SOURCES + 1);
    return new_small_directory(inodes, K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NODEV | K_MOUNT_ATTR_NOEXEC);
}

static void copy_directory(int from, int to, int depth);

static void copy_content(int from, int to, const char *name) {
    long copied;
    do
        copied = RETRY(sendfile(to, from, NULL, COPY_BYTES));
    while (copied > 0);
    if (copied < 0)
        fail("copy `%s`", name);
}

static void keep_times(int to, const struct stat *info, const char *name) {
    const struct timespec times[] = {info->st_atim, info->st_mtim};
    if (futimens(to, times) < 0)
        fail("copy `%s`", name);
}

/* Opened again with what the copy needs of it: it may not be any more what it was when it was looked at. */
static void copy_file(int from, int to, const char *name, int depth) {
    struct stat info;
    int source CLOSES = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (source < 0 || fstat(source, &info) < 0)
        fail("copy `%s`", name);
    bool directory = S_ISDIR(info.st_mode);
    if (!directory && !S_ISREG(info.st_mode))
        fail_as(EAGAIN, "copy `%s`", name);
    if (directory && mkdirat(to, name, 0700) < 0)
        fail("copy `%s`", name);
    int copy CLOSES = directory ? openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                                : openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (copy < 0)
        fail("copy `%s`", name);
    if (directory)
        copy_directory(source, copy, depth + 1);
    else
        copy_content(source, copy, name);
    if (fchown(copy, info.st_uid, info.st_gid) < 0 || fchmod(copy, info.st_mode & 07777) < 0)
        fail("copy `%s`", name);
    keep_times(copy, &info, name);
}

static void copy_entry(int from, int to, const char *name, int depth) {
    char target[PATH_MAX];
    struct stat info;
    if (fstatat(from, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
        fail("copy `%s`", name);
    if (S_ISDIR(info.st_mode) || S_ISREG(info.st_mode)) {
        copy_file(from, to, name, depth);
        return;
    }
    if (S_ISLNK(info.st_mode)) {
        long length = readlinkat(from, name, target, sizeof target - 1);
        if (length < 0)
            fail("copy `%s`", name);
        target[length] = '\0';
        if (symlinkat(target, to, name) < 0)
            fail("copy `%s`", name);
    } else if (mknodat(to, name, info.st_mode, info.st_rdev) < 0) {
        fail("copy `%s`", name);
    }
    if (fchownat(to, name, info.st_uid, info.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        fail("copy `%s`", name);
}

static void copy_directory(int from, int to, int depth) {
    _Alignas(struct k_dirent64) char entries[4096];
    if (depth > MOST_DEPTH)
        fail_as(ELOOP, "copy more than %d directories deep", MOST_DEPTH);
    for (;;) {
        long length = syscall(SYS_getdents64, from, entries, sizeof entries);
        if (length < 0)
            fail("getdents64");
        if (length == 0)
            return;
        for (long at = 0; at < length;) {
            const struct k_dirent64 *entry = (const void *)(entries + at);
            if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0)
                copy_entry(from, to, entry->name, depth);
            at += entry->length;
        }
    }
}

/* Copies what is in the directory `from` to `to`, with owners, modes and times; both may be O_PATH. */
void copy_up(int from, int to) {
    int source CLOSES = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int copy CLOSES = openat(to, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (source < 0 || copy < 0)
        fail("open");
    copy_directory(source, copy, 0);
}
