/*
 * Sources of bind mounts, opened before the process enters a user namespace: there it may not reach them any more, and
 * only here may it map their ids. They travel as descriptors through the clone.
 */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static int source_fd[WIRE_MOST_SOURCES]; /* 0 where there is none */

/* An opened source, which is the caller's from now on. */
int take_source(uint64_t index) {
    int source = source_fd[index];
    source_fd[index] = 0;
    return source;
}

/* What is left would show the host to whoever gets hold of it. */
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
    int ns CLOSES = path == NULL ? namespace_with(text(s->uid_map), text(s->gid_map)) : open(path, O_RDONLY | O_CLOEXEC);
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
