/*
 * gantry-init: what its parts share.
 *
 *   gantry-init.c  main, the two stages, the table from opcode to function
 *   report.c       the socket to the runtime: reports up, orders down, failure
 *   plan.c         the plan: checked whole, then read
 *   paths.c        resolution of paths beneath a root, always through descriptors
 *   mounts.c       orders about mounts, devices and links; mounts.h names the files that belong to it
 *   procfs.c       what is done by procfs
 *   cgroup.c       orders about the cgroup that the process is in
 *   namespaces.c   orders about the namespaces that the process is in
 *   process.c      orders about ids, capabilities and limits
 *   stdio.c        orders about standard input, output and error, and the terminal
 *   program.c      orders that find the program and become it; the idle init
 *   interpreter.c  which interpreter of a program is missing
 *   hooks.c        the order that runs a hook
 *   schedule.c     orders about the processor, the disk and the memory that the process gets
 *   landlock.c     the order that restricts the process by Landlock
 *   seccomp.c      the order that installs a filter
 *
 * The plan is a read-only mapping; strings and lists are pointers into it. Nothing is allocated.
 */
#ifndef GANTRY_INIT_H
#define GANTRY_INIT_H

#include "abi.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

static inline void close_at_end(const int *fd) {
    if (*fd >= 0)
        close(*fd);
}

#define CLOSES __attribute__((cleanup(close_at_end)))
#define RETRY(call)                                                                                                    \
    ({                                                                                                                 \
        long retry_;                                                                                                   \
        do                                                                                                             \
            retry_ = (long)(call);                                                                                     \
        while (retry_ < 0 && errno == EINTR);                                                                          \
        retry_;                                                                                                        \
    })

/* report.c */
void report(uint32_t kind, int64_t value);
void report_with(uint32_t kind, int64_t value, int fd);
void await_go(void);
void await_go_with(enum wire_slot slot);
void close_slot(enum wire_slot slot);
const void *memory_of(enum wire_slot slot, size_t *size);
int channel_to_watch(void);
void receive_plan(void);
void leave_socket(void);
void close_channel(void);
void expect_broken_pipe(void);
noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
noreturn void fail_as(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

noreturn void fail_hook(int64_t status, const char *output);

extern uint32_t current_step;             /* index of the plan's step being executed, for reports */
extern mode_t program_umask;              /* of what is executed: the caller's, until the order UMASK; the init has 0 */
extern int slot_fd[WIRE_SLOT_COUNT];      /* descriptors the runtime gave, by slot; -1 where it gave none */
extern int preserved_count; /* descriptors from 3 on that the program is to have, open without close-on-exec */

/* plan.c */
void take_plan(void);
const struct wire_op *first_op(void);
const struct wire_op *next_op(const struct wire_op *op);
const char *text(wire_str s);             /* NULL when absent, which only an optional one may be */
uint64_t count(wire_list list);
const char *item(wire_list list, uint64_t index);
const char **put_strings(const char **at, wire_list list, const char *more);
const void *blob(wire_blob b, size_t *size);
uint64_t number_at(wire_blob b, uint64_t index);

/* paths.c */
void write_to(const char *path, const char *content);
int open_in(int root, const char *path, int flags, uint64_t resolve);
int make_in(int root, const char *path, mode_t type, mode_t mode);
int open_parent_in(int root, const char *path, const char **name);
bool is_mount_root(int fd);
bool is_device(int fd, mode_t type, uint64_t rdev);

/* cgroup.c */
int take_cgroup(void);

/* mounts.c */
void cover_console(int tty);

/* root.c */
bool enter_root(void);

/* procfs.c */
#define NAME_IN_PROCFS 32 /* bytes of a descriptor's name there */
void keep_procfs(void);
void drop_procfs(void);
int procfs_handle(void);
int open_in_procfs(const char *path, int flags);
int enter_descriptors(int fd, char *name);
void leave_descriptors(int before);
void write_in_procfs(const char *path, const char *value);

/* interpreter.c */
void look_for_interpreter(const char *program);
const char *missing_interpreter(void);

/* program.c */
const char *found_home(void);             /* NAME=value; NULL if it was not looked up */

/* mounts.c, process.c and the others: one function an order; gantry-init.c holds the table. */
typedef void order(const struct wire_op *op);
order do_mount_host, do_make_dir_host, do_place_source, do_open_source, do_stage_sources, do_open_filesystem,
    do_open_node, do_open_root, do_mount, do_bind, do_bind_device, do_mount_attr, do_make_dir, do_make_node,
    do_symlink, do_pivot, do_move_root, do_chroot, do_propagation, do_mask, do_readonly_path, do_close_root;
order do_join_cgroup, do_open_cgroup, do_open_namespace, do_join, do_join_target, do_unshare, do_write_procfs,
    do_set_ids, do_new_session, do_loopback, do_tcp_sockets, do_hostname, do_domainname, do_rlimit, do_no_new_privs,
    do_bounding, do_user, do_capabilities, do_ambient, do_umask, do_chdir, do_stdio, do_own_null, do_console, do_sysctl,
    do_dumpable, do_keyring, do_find_program, do_find_home, do_hook, do_affinity, do_scheduler, do_io_priority,
    do_personality, do_memory_policy, do_label, do_landlock, do_seccomp, do_end_on_signals, do_await_start, do_exec,
    do_idle;

#endif
