/* The order that restricts the process by Landlock, for good and for all that it starts (landlock(7)). */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* A rule on a file may have no rights that only directories have, so there are two sets for each path. */
static void allow_path(int ruleset, int root, const char *path, uint64_t of_directory, uint64_t of_file) {
    struct stat info;
    int at CLOSES = open_in(root, path, O_PATH, 0);
    if (at < 0 || fstat(at, &info) < 0)
        fail("open `%s`", path);
    struct k_landlock_path_beneath rule = {.allowed_access = S_ISDIR(info.st_mode) ? of_directory : of_file,
                                           .parent_fd = at};
    if (rule.allowed_access == 0) /* the kernel takes no rule without a right */
        return;
    if (syscall(K_SYS_LANDLOCK_ADD_RULE, ruleset, K_LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
        fail("landlock_add_rule `%s`", path);
}

static void allow_port(int ruleset, uint64_t port, uint64_t access) {
    struct k_landlock_net_port rule = {.allowed_access = access, .port = port};
    if (syscall(K_SYS_LANDLOCK_ADD_RULE, ruleset, K_LANDLOCK_RULE_NET_PORT, &rule, 0) < 0)
        fail("landlock_add_rule port %u", (unsigned)port);
}

/* The process's root is the container's by now; paths are resolved beneath it, and through no magic link. */
void do_landlock(const struct wire_op *op) {
    const struct wire_landlock *l = (const void *)op;
    struct k_landlock_ruleset attributes = {.handled_fs = l->fs, .handled_net = l->net, .scoped = l->scoped};
    size_t bytes;

    int root CLOSES = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        fail("open `/`");
    int ruleset CLOSES = (int)syscall(K_SYS_LANDLOCK_CREATE_RULESET, &attributes, sizeof attributes, 0);
    if (ruleset < 0)
        fail("landlock_create_ruleset");
    for (uint64_t i = 0; i < count(l->paths); i++)
        allow_path(ruleset, root, item(l->paths, i), number_at(l->access, 2 * i), number_at(l->access, 2 * i + 1));
    blob(l->ports, &bytes);
    for (uint64_t i = 0; i < bytes / sizeof i; i += 2)
        allow_port(ruleset, number_at(l->ports, i), number_at(l->ports, i + 1));
    if (syscall(K_SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0) < 0)
        fail("landlock_restrict_self");
}
