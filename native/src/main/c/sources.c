/*
 * What is opened before the process enters a user namespace and mounted after: sources of bind mounts, which it may not
 * reach there any more, and whose ids only here may be mapped; file systems of namespaces that the user namespace does
 * not own; device nodes. They travel as descriptors through the clone.
 */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define NAME_BYTES 8

static int source_fd[WIRE_MOST_SOURCES]; /* 0 where there is none */
static bool staged[WIRE_MOST_SOURCES];   /* whether it is mounted in the working directory, under its index */

bool has_source(uint64_t index) {
    return index < WIRE_MOST_SOURCES && source_fd[index] != 0;
}

static const char *name_of(uint64_t index, char *name) {
    snprintf(name, NAME_BYTES, "%u", (unsigned)index);
    return name;
}

/* An opened source, which is the caller's from now on. */
int take_source(uint64_t index) {
    char name[NAME_BYTES];
    if (index < WIRE_MOST_SOURCES && staged[index]) {
        int tree = clone_tree(AT_FDCWD, name_of(index, name), true);
        if (tree < 0)
            fail("open_tree source %s", name);
        return tree;
    }
    if (!has_source(index))
        fail_as(EBADF, "source %llu", (unsigned long long)index);
    int source = source_fd[index];
    source_fd[index] = 0;
    return source;
}

/* What is left would show the host to a process that gets hold of it. */
void close_sources(void) {
    for (size_t i = 0; i < WIRE_MOST_SOURCES; i++)
        if (source_fd[i] != 0)
            close(source_fd[i]);
}

static void write_map(pid_t pid, const char *file, const char *lines) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    int map CLOSES = open(path, O_WRONLY | O_CLOEXEC);
    if (map < 0)
        fail("open `%s`", path);
    if (RETRY(write(map, lines, strlen(lines))) != (long)strlen(lines))
        fail("write `%s`", file);
}

/* A user namespace that is there for its maps alone; the process it was made with ends at once. */
static int namespace_with(const char *uids, const char *gids) {
    struct k_clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    char path[64];
    long pid = syscall(K_SYS_CLONE3, &args, sizeof args);
    if (pid < 0)
        fail("clone3");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        for (;;)
            pause();
    }
    write_map((pid_t)pid, "uid_map", uids);
    write_map((pid_t)pid, "gid_map", gids);
    snprintf(path, sizeof path, "/proc/%ld/ns/user", pid);
    int ns = open(path, O_RDONLY | O_CLOEXEC);
    int error = errno;
    kill((pid_t)pid, SIGKILL);
    RETRY(waitpid((pid_t)pid, NULL, 0));
    if (ns < 0)
        fail_as(error, "open `%s`", path);
    return ns;
}

static void map_ids(int tree, const struct wire_open_source *s) {
    const char *path = text(s->user_namespace);
    int ns CLOSES =
        path == NULL ? namespace_with(text(s->uid_map), text(s->gid_map)) : open(path, O_RDONLY | O_CLOEXEC);
    if (ns < 0)
        fail("open `%s`", path);
    struct k_mount_attr attributes = {.attr_set = K_MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)ns};
    if (syscall(K_SYS_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | (s->map_recursive ? K_AT_RECURSIVE : 0), &attributes,
                sizeof attributes) < 0)
        fail("mount_setattr MOUNT_ATTR_IDMAP");
}

void do_open_source(const struct wire_op *op) {
    const struct wire_open_source *s = (const void *)op;
    if (s->index >= WIRE_MOST_SOURCES)
        fail_as(EMFILE, "more than %d sources", WIRE_MOST_SOURCES);
    int tree = clone_tree(AT_FDCWD, text(s->path), s->recursive != 0);
    if (tree < 0)
        fail("open_tree `%s`", text(s->path));
    if (s->apart)
        set_attributes(tree, 0, 0, MS_SLAVE, true);
    if (text(s->user_namespace) != NULL || text(s->uid_map) != NULL)
        map_ids(tree, s);
    source_fd[s->index] = tree;
}

static void stage(int directory, uint64_t index) {
    char name[NAME_BYTES];
    struct stat info;
    int source CLOSES = take_source(index);
    if (fstat(source, &info) < 0)
        fail("fstat");
    name_of(index, name);
    if ((S_ISDIR(info.st_mode) ? mkdirat(directory, name, 0700) : mknodat(directory, name, S_IFREG, 0)) < 0)
        fail("mount point `%s`", name);
    int at CLOSES = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (at < 0)
        fail("open `%s`", name);
    attach(source, at);
    staged[index] = true;
}

/*
 * What is moved into a mount namespace of another user namespace has no locked flags, what is copied along with one has
 * (mount_namespaces(7)). So sources are mounted in a namespace that this process has for itself until it clones. They
 * lie in a tmpfs, which goes with the old root. It is the working directory, which a clone leads into the copy: the
 * user of the new user namespace may not be able to reach it by its path.
 */
void do_stage_sources(const struct wire_op *op) {
    const struct wire_stage_sources *s = (const void *)op;
    if (unshare(CLONE_NEWNS) < 0)
        fail("unshare");
    int top CLOSES = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        fail("open `/`");
    set_attributes(top, 0, 0, MS_SLAVE, true); /* or the mounts would travel to the host */
    int directory CLOSES = new_directory_of_sources();
    attach_at_host_path(directory, text(s->directory));
    if (fchdir(directory) < 0)
        fail("fchdir");
    for (uint64_t i = 0; i < WIRE_MOST_SOURCES; i++)
        if (has_source(i))
            stage(directory, i);
}

static int make_filesystem(const struct wire_open_filesystem *f) {
    return new_filesystem(text(f->type), text(f->source), f->options, NULL, 0);
}

/* Makes it in a child, for which this process waits: they share the table of descriptors, and a number. */
static int make_in_child(const struct wire_open_filesystem *f) {
    int status;
    int *made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED)
        fail("mmap");
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid < 0)
        fail("clone");
    if (pid == 0) {
        *made = make_filesystem(f);
        _exit(0);
    }
    if (RETRY(waitpid(pid, &status, 0)) < 0)
        fail("waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        _exit(WIRE_EXIT_RUNTIME); /* it has reported why */
    int filesystem = *made;
    munmap(made, sizeof *made);
    return filesystem;
}

void do_open_filesystem(const struct wire_op *op) {
    const struct wire_open_filesystem *f = (const void *)op;
    if (f->index >= WIRE_MOST_SOURCES)
        fail_as(EMFILE, "more than %d sources", WIRE_MOST_SOURCES);
    source_fd[f->index] = f->in_child ? make_in_child(f) : make_filesystem(f);
}

#define NODE "node"

/* A file system of a user namespace's has no devices that work: the node lies in one that was made outside. */
void do_open_node(const struct wire_op *op) {
    const struct wire_open_node *n = (const void *)op;
    if (n->index >= WIRE_MOST_SOURCES)
        fail_as(EMFILE, "more than %d sources", WIRE_MOST_SOURCES);
    int host CLOSES = open(text(n->path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (host >= 0 && is_device(host, (mode_t)n->type, n->rdev))
        return;
    int directory = new_directory_of_one();
    if (mknodat(directory, NODE, (mode_t)(n->type | n->mode), (dev_t)n->rdev) < 0)
        fail("mknod");
    if (fchownat(directory, NODE, (uid_t)n->uid, (gid_t)n->gid, AT_SYMLINK_NOFOLLOW) < 0)
        fail("fchownat");
    source_fd[n->index] = directory;
}

/* Only of what is mounted here a part can be cloned: for that moment the node's directory covers that one. */
int take_node(uint64_t index, int covered) {
    char name[NAME_IN_PROCFS];
    int directory CLOSES = take_source(index);
    attach(directory, covered);
    int tree = clone_tree(directory, NODE, false);
    int error = errno;
    int before = enter_descriptors(directory, name);
    if (umount2(name, MNT_DETACH) < 0)
        fail("umount2");
    leave_descriptors(before);
    if (tree < 0)
        fail_as(error, "open_tree");
    return tree;
}
