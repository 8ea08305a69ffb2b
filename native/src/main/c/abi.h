/*
 * The part of the kernel's interface that the C libraries do not agree on: glibc and musl name, wrap or lack these
 * calls differently, so they are made with syscall(2) and their constants stand here under names of our own.
 */
#ifndef GANTRY_ABI_H
#define GANTRY_ABI_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One number on every architecture since Linux 5.1 (the unified part of the system call table). */
#define K_SYS_OPEN_TREE 428
#define K_SYS_MOVE_MOUNT 429
#define K_SYS_FSOPEN 430
#define K_SYS_FSCONFIG 431
#define K_SYS_FSMOUNT 432
#define K_SYS_CLONE3 435
#define K_SYS_CLOSE_RANGE 436
#define K_SYS_OPENAT2 437
#define K_SYS_MOUNT_SETATTR 442

#define K_SYS_LANDLOCK_CREATE_RULESET 444
#define K_SYS_LANDLOCK_ADD_RULE 445
#define K_SYS_LANDLOCK_RESTRICT_SELF 446

#define K_LANDLOCK_RULE_PATH_BENEATH 1
#define K_LANDLOCK_RULE_NET_PORT 2

#define K_FSCONFIG_SET_FLAG 0
#define K_FSCONFIG_SET_STRING 1
#define K_FSCONFIG_CMD_CREATE 6

#define K_OPEN_TREE_CLONE 1
#define K_FSOPEN_CLOEXEC 1
#define K_FSMOUNT_CLOEXEC 1
#define K_AT_RECURSIVE 0x8000
#define K_MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define K_MOVE_MOUNT_T_EMPTY_PATH 0x00000040

#define K_MOUNT_ATTR_RDONLY 0x00000001
#define K_MOUNT_ATTR_NOSUID 0x00000002
#define K_MOUNT_ATTR_NODEV 0x00000004
#define K_MOUNT_ATTR_NOEXEC 0x00000008
#define K_MOUNT_ATTR_ATIME 0x00000070 /* as MOUNT_ATTR__ATIME: all kinds of it */
#define K_MOUNT_ATTR_NOATIME 0x00000010
#define K_MOUNT_ATTR_STRICTATIME 0x00000020
#define K_MOUNT_ATTR_NODIRATIME 0x00000080
#define K_MOUNT_ATTR_IDMAP 0x00100000
#define K_MOUNT_ATTR_NOSYMFOLLOW 0x00200000

#define K_MS_NOSYMFOLLOW 256
#define K_ST_NOSYMFOLLOW 8192
#define K_STATX_ATTR_MOUNT_ROOT 0x2000

#define K_RESOLVE_NO_XDEV 0x01
#define K_RESOLVE_NO_MAGICLINKS 0x02
#define K_RESOLVE_NO_SYMLINKS 0x04
#define K_RESOLVE_IN_ROOT 0x10

#define K_CLONE_PIDFD 0x00001000ULL
#define K_CLONE_PARENT 0x00008000ULL
#define K_CLONE_INTO_CGROUP 0x200000000ULL

#define K_SECCOMP_SET_MODE_FILTER 1
#define K_SECCOMP_FLAG_NEW_LISTENER 0x08
#define K_SOCK_FILTER_SIZE 8

#define K_LAST_SIGNAL 64
#define K_CAP_VERSION_3 0x20080522
#define K_PROC_SUPER_MAGIC 0x9fa0
#define K_DEVPTS_SUPER_MAGIC 0x1cd1
#define K_PIPEFS_MAGIC 0x50495045

struct k_open_how {
    uint64_t flags, mode, resolve;
};

struct k_mount_attr {
    uint64_t attr_set, attr_clr, propagation, userns_fd;
};

struct k_statx { /* as far as it is read here */
    uint32_t mask, block_size;
    uint64_t attributes;
    unsigned char rest[240];
};

struct k_clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

struct k_sched_attr { /* the first version, of 48 bytes */
    uint32_t size, sched_policy;
    uint64_t sched_flags;
    int32_t sched_nice;
    uint32_t sched_priority;
    uint64_t sched_runtime, sched_deadline, sched_period;
};

struct k_sock_fprog {
    unsigned short len;
    const void *filter;
};

struct k_landlock_ruleset { /* as of version 6; a kernel that knows less of it takes zeros */
    uint64_t handled_fs, handled_net, scoped;
};

struct k_landlock_path_beneath {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed));

struct k_landlock_net_port {
    uint64_t allowed_access, port;
};

_Static_assert(sizeof(struct k_open_how) == 24, "openat2(2)");
_Static_assert(sizeof(struct k_mount_attr) == 32, "mount_setattr(2)");
_Static_assert(sizeof(struct k_statx) == 256, "statx(2)");
_Static_assert(sizeof(struct k_clone_args) == 88, "clone3(2)");
_Static_assert(sizeof(struct k_sched_attr) == 48, "sched_setattr(2)");
_Static_assert(sizeof(struct k_sock_fprog) == 16, "seccomp(2)");
_Static_assert(sizeof(struct k_landlock_ruleset) == 24, "landlock_create_ruleset(2)");
_Static_assert(sizeof(struct k_landlock_path_beneath) == 12, "landlock_add_rule(2)");
_Static_assert(sizeof(struct k_landlock_net_port) == 16, "landlock_add_rule(2)");

#endif
