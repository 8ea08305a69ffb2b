/*
 * gantry-init: the only executor of a launch plan, and the container's first process until it becomes another.
 *
 *  1. every inherited descriptor but the socket is closed, every signal but SIGPIPE is back at its default
 *  2. the plan and its descriptors are received; the plan is a list of orders, followed literally
 *  3. stage one (a child of the runtime, in the host's namespaces): cgroups, joined and new namespaces, ids, and at
 *     the order CLONE it makes stage two as its sibling, reports the pid and ends
 *  4. stage two (in the new namespaces): mounts, root, identity, limits, and at the order EXEC becomes the program;
 *     from the order SECCOMP on it makes no call but read, write, close, execve and exit_group; capset where it has to
 *     give up what it kept for that order; what the idle init needs to wait and reap; and what running a startContainer
 *     hook takes
 *
 * The runtime also has it run its own hooks: a plan of a HOOK and DONE, without any of the stages.
 *
 * It computes nothing and decides nothing. The first order that fails is reported with its step and errno, and the
 * process ends; nothing is undone here, since whatever was made lives in namespaces that end with it.
 */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void do_clone(const struct wire_op *op) {
    const struct wire_clone *c = (const void *)op;
    int pidfd = -1, cgroup CLOSES = take_cgroup();
    struct k_clone_args args = {.flags = c->namespaces | K_CLONE_PARENT | K_CLONE_PIDFD,
                                .pidfd = (uint64_t)(uintptr_t)&pidfd};
    close_slot(WIRE_SLOT_TARGET);
    if (cgroup >= 0) {
        args.flags |= K_CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)cgroup;
    }
    long pid = syscall(K_SYS_CLONE3, &args, sizeof args);
    if (pid < 0)
        fail("clone3");
    if (pid > 0) {
        report_with(WIRE_REPORT_PID, pid, pidfd);
        _exit(0);
    }
}

static void do_sync(const struct wire_op *op) {
    (void)op;
    report(WIRE_REPORT_SYNC, 0);
    await_go();
}

static void do_ready(const struct wire_op *op) {
    const struct wire_ready *r = (const void *)op;
    report(WIRE_REPORT_READY, 0);
    await_go();
    if (r->leave_socket)
        leave_socket();
}

static void do_take_state(const struct wire_op *op) {
    (void)op;
    report(WIRE_REPORT_SYNC, 0);
    await_go_with(WIRE_SLOT_STATE);
}

static void do_done(const struct wire_op *op) {
    (void)op;
    _exit(0);
}

static void do_fail(const struct wire_op *op) {
    const struct wire_fail *f = (const void *)op;
    fail_as((int)f->error, "injected failure");
}

static order *const orders[] = {
    [WIRE_SYNC] = do_sync,
    [WIRE_READY] = do_ready,
    [WIRE_TAKE_STATE] = do_take_state,
    [WIRE_DONE] = do_done,
    [WIRE_FAIL] = do_fail,
    [WIRE_CLONE] = do_clone,
    [WIRE_JOIN_CGROUP] = do_join_cgroup,
    [WIRE_OPEN_CGROUP] = do_open_cgroup,
    [WIRE_OPEN_NAMESPACE] = do_open_namespace,
    [WIRE_JOIN] = do_join,
    [WIRE_JOIN_TARGET] = do_join_target,
    [WIRE_UNSHARE] = do_unshare,
    [WIRE_WRITE_PROCFS] = do_write_procfs,
    [WIRE_DUMPABLE] = do_dumpable,
    [WIRE_SET_IDS] = do_set_ids,
    [WIRE_NEW_SESSION] = do_new_session,
    [WIRE_KEYRING] = do_keyring,
    [WIRE_LOOPBACK] = do_loopback,
    [WIRE_TCP_SOCKETS] = do_tcp_sockets,
    [WIRE_PROPAGATION] = do_propagation,
    [WIRE_MOUNT_HOST] = do_mount_host,
    [WIRE_MAKE_DIR_HOST] = do_make_dir_host,
    [WIRE_PLACE_SOURCE] = do_place_source,
    [WIRE_OPEN_SOURCE] = do_open_source,
    [WIRE_STAGE_SOURCES] = do_stage_sources,
    [WIRE_OPEN_FILESYSTEM] = do_open_filesystem,
    [WIRE_OPEN_NODE] = do_open_node,
    [WIRE_OPEN_ROOT] = do_open_root,
    [WIRE_MOUNT] = do_mount,
    [WIRE_BIND] = do_bind,
    [WIRE_BIND_DEVICE] = do_bind_device,
    [WIRE_MOUNT_ATTR] = do_mount_attr,
    [WIRE_MAKE_DIR] = do_make_dir,
    [WIRE_MAKE_NODE] = do_make_node,
    [WIRE_SYMLINK] = do_symlink,
    [WIRE_PIVOT] = do_pivot,
    [WIRE_MOVE_ROOT] = do_move_root,
    [WIRE_CHROOT] = do_chroot,
    [WIRE_CLOSE_ROOT] = do_close_root,
    [WIRE_MASK] = do_mask,
    [WIRE_READONLY_PATH] = do_readonly_path,
    [WIRE_HOSTNAME] = do_hostname,
    [WIRE_DOMAINNAME] = do_domainname,
    [WIRE_SYSCTL] = do_sysctl,
    [WIRE_RLIMIT] = do_rlimit,
    [WIRE_UMASK] = do_umask,
    [WIRE_STDIO] = do_stdio,
    [WIRE_OWN_NULL] = do_own_null,
    [WIRE_CONSOLE] = do_console,
    [WIRE_CHDIR] = do_chdir,
    [WIRE_NO_NEW_PRIVS] = do_no_new_privs,
    [WIRE_BOUNDING] = do_bounding,
    [WIRE_USER] = do_user,
    [WIRE_CAPABILITIES] = do_capabilities,
    [WIRE_AMBIENT] = do_ambient,
    [WIRE_FIND_PROGRAM] = do_find_program,
    [WIRE_FIND_HOME] = do_find_home,
    [WIRE_HOOK] = do_hook,
    [WIRE_AFFINITY] = do_affinity,
    [WIRE_SCHEDULER] = do_scheduler,
    [WIRE_IO_PRIORITY] = do_io_priority,
    [WIRE_PERSONALITY] = do_personality,
    [WIRE_MEMORY_POLICY] = do_memory_policy,
    [WIRE_LABEL] = do_label,
    [WIRE_LANDLOCK] = do_landlock,
    [WIRE_SECCOMP] = do_seccomp,
    [WIRE_END_ON_SIGNALS] = do_end_on_signals,
    [WIRE_AWAIT_START] = do_await_start,
    [WIRE_EXEC] = do_exec,
    [WIRE_IDLE] = do_idle,
};

/*
 * The Java machine ignores some signals and blocks others; an ignored one would stay so through every exec. Not by
 * signal(2): C libraries keep the first realtime signals for themselves, and posix_spawn(3) leaves those ignored.
 */
static void reset_signals(void) {
    static const unsigned long by_default[4]; /* struct sigaction as the kernel has it, all zero */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number <= K_LAST_SIGNAL; number++)
        syscall(SYS_rt_sigaction, number, by_default, NULL, K_LAST_SIGNAL / 8); /* refused for KILL and STOP */
}

/* Stage two inherits the name: if stage one is killed before it has reported the pid, the runtime finds it by that. */
static void name_after_stage_one(void) {
    char name[16]; /* what prctl(2) takes */
    snprintf(name, sizeof name, "gantry:%d", (int)getpid());
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

int main(void) {
    if (syscall(K_SYS_CLOSE_RANGE, WIRE_SOCKET + 1, ~0U, 0) < 0 || fcntl(WIRE_SOCKET, F_SETFD, FD_CLOEXEC) < 0)
        return WIRE_EXIT_RUNTIME;
    reset_signals();
    expect_broken_pipe();
    name_after_stage_one();
    program_umask = umask(0);
    receive_plan();
    take_plan();
    for (const struct wire_op *op = first_op(); op != NULL; op = next_op(op)) {
        current_step = op->step;
        if (op->code >= sizeof orders / sizeof *orders || orders[op->code] == NULL)
            fail_as(ENOSYS, "order %u", op->code);
        orders[op->code](op);
    }
    fail_as(EPROTO, "the plan ends without a program");
}
