/* Orders about the process itself: who it is and what it may do. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#endif
#define AMBIENT_RAISE 2
#define AMBIENT_CLEAR_ALL 4
#define KEYCTL_JOIN_SESSION_KEYRING 1
#define LAST_POSSIBLE_CAP 63

void do_write_procfs(const struct wire_op *op) {
    const struct wire_write_procfs *w = (const void *)op;
    write_in_procfs(text(w->path), text(w->content));
}

void do_dumpable(const struct wire_op *op) {
    const struct wire_dumpable *d = (const void *)op;
    if (prctl(PR_SET_DUMPABLE, d->dumpable, 0, 0, 0) < 0)
        fail("prctl PR_SET_DUMPABLE");
}

void do_set_ids(const struct wire_op *op) {
    const struct wire_set_ids *s = (const void *)op;
    if (s->drop_groups && setgroups(0, NULL) < 0)
        fail("setgroups");
    if (setresgid((gid_t)s->gid, (gid_t)s->gid, (gid_t)s->gid) < 0)
        fail("setresgid %u", (unsigned)s->gid);
    if (setresuid((uid_t)s->uid, (uid_t)s->uid, (uid_t)s->uid) < 0)
        fail("setresuid %u", (unsigned)s->uid);
}

void do_new_session(const struct wire_op *op) {
    (void)op;
    if (setsid() < 0)
        fail("setsid");
}

void do_keyring(const struct wire_op *op) {
    const struct wire_keyring *k = (const void *)op;
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, text(k->name), 0, 0, 0) < 0 && errno != ENOSYS)
        fail("keyctl");
}

/* SYSCTL and LABEL take the path as it is below /proc; both come before any mount of the container's. */
void do_sysctl(const struct wire_op *op) {
    const struct wire_sysctl *s = (const void *)op;
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "sys/%s", text(s->key)) >= (int)sizeof path)
        fail_as(ENAMETOOLONG, "open `/proc/sys/%s`", text(s->key));
    write_in_procfs(path, text(s->value));
}

void do_label(const struct wire_op *op) {
    const struct wire_label *l = (const void *)op;
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "thread-self/attr/%s", text(l->attribute)) >= (int)sizeof path)
        fail_as(ENAMETOOLONG, "open `/proc/thread-self/attr/%s`", text(l->attribute));
    write_in_procfs(path, text(l->label));
}

void do_rlimit(const struct wire_op *op) {
    const struct wire_rlimit *r = (const void *)op;
    struct rlimit limit = {.rlim_cur = (rlim_t)r->soft, .rlim_max = (rlim_t)r->hard};
    if (setrlimit((int)r->resource, &limit) < 0) /* int here, an enum in glibc's prototype */
        fail("setrlimit");
}

mode_t program_umask;

void do_umask(const struct wire_op *op) {
    const struct wire_umask *u = (const void *)op;
    program_umask = (mode_t)u->mask;
    umask(program_umask);
}

void do_no_new_privs(const struct wire_op *op) {
    (void)op;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        fail("prctl PR_SET_NO_NEW_PRIVS");
}

void do_bounding(const struct wire_op *op) {
    const struct wire_bounding *b = (const void *)op;
    for (unsigned long cap = 0; cap <= LAST_POSSIBLE_CAP; cap++) {
        int there = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
        if (there < 0) /* past the kernel's last one */
            return;
        if (there > 0 && (b->keep >> cap & 1) == 0 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
            fail("prctl PR_CAPBSET_DROP %lu", cap);
    }
}

/*
 * The user must be able to open /dev/stdout. Only a pipe without a name is given away: it is nobody's file, while a
 * file, a terminal or a device would go on belonging to the container's user on the host.
 */
static void own_stdio(uid_t uid) {
    for (int fd = 0; fd <= 2; fd++) {
        struct stat info;
        struct statfs system;
        if (fstat(fd, &info) < 0 || info.st_uid == uid || fstatfs(fd, &system) < 0 || system.f_type != K_PIPEFS_MAGIC)
            continue;
        if (fchown(fd, uid, (gid_t)-1) < 0) /* made by another user, or by one that is not mapped: it stays so */
            continue;
    }
}

void do_user(const struct wire_op *op) {
    const struct wire_user *u = (const void *)op;
    gid_t groups[WIRE_MOST_GROUPS];
    size_t bytes;
    blob(u->groups, &bytes);
    size_t group_count = bytes / 8;
    if (group_count > WIRE_MOST_GROUPS)
        fail_as(EINVAL, "more than %d groups", WIRE_MOST_GROUPS);
    for (size_t i = 0; i < group_count; i++)
        groups[i] = (gid_t)number_at(u->groups, i);

    own_stdio((uid_t)u->uid);
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        fail("prctl PR_SET_KEEPCAPS");
    if (u->set_groups && setgroups(group_count, groups) < 0)
        fail("setgroups");
    if (setresgid((gid_t)u->gid, (gid_t)u->gid, (gid_t)u->gid) < 0)
        fail("setresgid %u", (unsigned)u->gid);
    if (setresuid((uid_t)u->uid, (uid_t)u->uid, (uid_t)u->uid) < 0)
        fail("setresuid %u", (unsigned)u->uid);
    if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
        fail("prctl PR_SET_KEEPCAPS");
}

void do_capabilities(const struct wire_op *op) {
    const struct wire_capabilities *c = (const void *)op;
    struct {
        uint32_t version;
        int pid;
    } header = {K_CAP_VERSION_3, 0};
    struct {
        uint32_t effective, permitted, inheritable;
    } sets[2];
    for (unsigned i = 0; i < 2; i++) {
        sets[i].effective = (uint32_t)(c->effective >> 32 * i);
        sets[i].permitted = (uint32_t)(c->permitted >> 32 * i);
        sets[i].inheritable = (uint32_t)(c->inheritable >> 32 * i);
    }
    if (syscall(SYS_capset, &header, sets) < 0)
        fail("capset");
}

void do_ambient(const struct wire_op *op) {
    const struct wire_ambient *a = (const void *)op;
    if (prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        fail("prctl PR_CAP_AMBIENT_CLEAR_ALL");
    for (unsigned long cap = 0; cap <= LAST_POSSIBLE_CAP; cap++)
        if ((a->raise >> cap & 1) != 0 && prctl(PR_CAP_AMBIENT, AMBIENT_RAISE, cap, 0, 0) < 0)
            fail("prctl PR_CAP_AMBIENT_RAISE %lu", cap);
}

void do_chdir(const struct wire_op *op) {
    const struct wire_chdir *c = (const void *)op;
    static bool entered; /* as the user before, who may be the only one who can */
    char here[PATH_MAX];
    if (entered)
        return;
    if (chdir(text(c->path)) < 0) {
        if (c->tolerant)
            return;
        fail("chdir");
    }
    /* A path through /proc/self/fd may lead out of the root; the kernel then has no absolute name for it. */
    if (syscall(SYS_getcwd, here, sizeof here) < 0 || here[0] != '/')
        fail_as(EPERM, "current working directory is outside of the container's root");
    entered = true;
}
