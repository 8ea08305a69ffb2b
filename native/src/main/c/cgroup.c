/* Orders about the cgroup that the process is in. */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int cgroup_fd = -1; /* the one in which stage two is to be born */

/*
 * Writing "0" to `tasks` (cgroup v1) moves the writer itself, which the kernel does without taking the lock that makes
 * a move by pid wait for an RCU grace period: microseconds instead of milliseconds for each hierarchy.
 */
void do_join_cgroup(const struct wire_op *op) {
    const struct wire_join_cgroup *j = (const void *)op;
    write_to(text(j->tasks), "0");
}

/*
 * Stage two is born with a copy of this descriptor, among processes that may be able to look at it before its first
 * instruction. A directory of the host would show them the host, by ".." (CVE-2024-21626); this one has no way up.
 */
void do_open_cgroup(const struct wire_op *op) {
    const struct wire_open_cgroup *o = (const void *)op;
    cgroup_fd = clone_tree(AT_FDCWD, text(o->path), false);
    if (cgroup_fd < 0)
        fail("open_tree");
    set_attributes(cgroup_fd, K_MOUNT_ATTR_RDONLY, 0, 0, false);
}

/* The descriptor of that cgroup, or -1; the caller's from now on. */
int take_cgroup(void) {
    int taken = cgroup_fd;
    cgroup_fd = -1;
    return taken;
}
