/* Trees of mounts: cloned, changed and attached, always by descriptor. */
#define _GNU_SOURCE
#include "mounts.h"

#include <fcntl.h>

int clone_tree(int at, const char *path, bool recursive) {
    int flags =
        K_OPEN_TREE_CLONE | O_CLOEXEC | (recursive ? K_AT_RECURSIVE : 0) | (path[0] == '\0' ? AT_EMPTY_PATH : 0);
    return (int)syscall(K_SYS_OPEN_TREE, at, path, flags);
}

bool change_attributes(int tree, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive) {
    struct k_mount_attr attributes = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
    if (set == 0 && clear == 0 && propagation == 0)
        return true;
    return syscall(K_SYS_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | (recursive ? K_AT_RECURSIVE : 0), &attributes,
                   sizeof attributes)
           == 0;
}

void set_attributes(int tree, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive) {
    if (!change_attributes(tree, set, clear, propagation, recursive))
        fail("mount_setattr");
}

void attach(int tree, int at) {
    if (syscall(K_SYS_MOVE_MOUNT, tree, "", at, "", K_MOVE_MOUNT_F_EMPTY_PATH | K_MOVE_MOUNT_T_EMPTY_PATH) < 0)
        fail("move_mount");
}

void attach_at_host_path(int tree, const char *path) {
    if (syscall(K_SYS_MOVE_MOUNT, tree, "", AT_FDCWD, path, K_MOVE_MOUNT_F_EMPTY_PATH) < 0)
        fail("move_mount `%s`", path);
}
