/* Orders about the process itself: where it runs, who it is, what it may do, and what it becomes. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#endif
#define AMBIENT_RAISE 2
#define AMBIENT_CLEAR_ALL 4
#define KEYCTL_JOIN_SESSION_KEYRING 1
#define LAST_POSSIBLE_CAP 63
#define MOST_STRINGS 262144 /* of arguments and environment */

static int namespace_fd[WIRE_MOST_NAMESPACES]; /* 0 where there is none */
static char program[PATH_MAX];              /* what do_find_program found */
static char home[PATH_MAX];                 /* what do_find_home found, NAME=value; empty if it was not asked */

void do_open_namespace(const struct wire_op *op) {
    const struct wire_open_namespace *o = (const void *)op;
    if (o->index >= WIRE_MOST_NAMESPACES)
        fail_as(EMFILE, "more than %d namespaces", WIRE_MOST_NAMESPACES);
    int ns = open(text(o->path), O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a fifo is none, and would never open */
    if (ns < 0)
        fail("open `%s`", text(o->path));
    namespace_fd[o->index] = ns;
}

void do_join(const struct wire_op *op) {
    const struct wire_join *j = (const void *)op;
    if (j->index >= WIRE_MOST_NAMESPACES || namespace_fd[j->index] == 0)
        fail_as(EBADF, "namespace %llu", (unsigned long long)j->index);
    if (j->type == CLONE_NEWNS)
        keep_procfs();
    if (setns(namespace_fd[j->index], (int)j->type) < 0)
        fail("setns");
    close(namespace_fd[j->index]);
    namespace_fd[j->index] = 0;
}

void do_join_target(const struct wire_op *op) {
    const struct wire_join_target *j = (const void *)op;
    if (setns(slot_fd[WIRE_SLOT_TARGET], (int)j->types) < 0)
        fail("setns");
}

void do_unshare(const struct wire_op *op) {
    const struct wire_unshare *u = (const void *)op;
    if (unshare((int)u->types) < 0)
        fail("unshare");
}

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

void do_loopback(const struct wire_op *op) {
    (void)op;
    struct ifreq request = {.ifr_name = "lo"};
    int socket_fd CLOSES = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0)
        fail("socket");
    if (ioctl(socket_fd, SIOCGIFFLAGS, &request) < 0)
        fail("ioctl SIOCGIFFLAGS");
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    if (ioctl(socket_fd, SIOCSIFFLAGS, &request) < 0)
        fail("ioctl SIOCSIFFLAGS");
}

void do_hostname(const struct wire_op *op) {
    const struct wire_hostname *h = (const void *)op;
    if (sethostname(text(h->name), strlen(text(h->name))) < 0)
        fail("sethostname");
}

void do_domainname(const struct wire_op *op) {
    const struct wire_domainname *d = (const void *)op;
    if (setdomainname(text(d->name), strlen(text(d->name))) < 0)
        fail("setdomainname");
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

/*
 * The copies are closed at once: a process that waits, or that gets a terminal later, holds nothing more of the
 * caller's.
 */
void do_stdio(const struct wire_op *op) {
    (void)op;
    for (int fd = 0; fd <= 2; fd++) {
        int *given = &slot_fd[WIRE_SLOT_STDIN + fd];
        if (*given < 0)
            continue;
        if (dup2(*given, fd) < 0)
            fail("dup2");
        close(*given);
        *given = -1;
    }
}

void do_own_null(const struct wire_op *op) {
    (void)op;
    int root CLOSES = -1, null CLOSES = -1;
    for (int fd = 0; fd <= 2; fd++) {
        if (!is_device(fd, S_IFCHR, makedev(1, 3)))
            continue;
        if (null < 0) {
            root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
            null = open_in(root, "/dev/null", O_RDWR | O_NOCTTY | O_NONBLOCK, K_RESOLVE_NO_SYMLINKS);
            if (null < 0 || !is_device(null, S_IFCHR, makedev(1, 3))) /* a root without one, or with a trap for us */
                return;
            if (fcntl(null, F_SETFL, 0) < 0)
                fail("fcntl");
        }
        if (dup2(null, fd) < 0)
            fail("dup2");
    }
}

/* In devpts, number 2 is its multiplexer; a node of the same device elsewhere leads to the devpts beside it. */
static bool is_multiplexer(int fd) {
    struct statfs system;
    struct stat info;
    return fstatfs(fd, &system) == 0 && fstat(fd, &info) == 0 && system.f_type == K_DEVPTS_SUPER_MAGIC
           && info.st_ino == 2 && is_device(fd, S_IFCHR, makedev(5, 2));
}

/* The pair is made in the container's own devpts; its other end goes to the runtime with the report. */
void do_console(const struct wire_op *op) {
    const struct wire_console *c = (const void *)op;
    struct winsize size = {.ws_row = (unsigned short)c->rows, .ws_col = (unsigned short)c->columns};
    struct termios modes;
    int unlock = 0;

    int host_side CLOSES = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
    if (host_side < 0)
        fail("open `/dev/pts/ptmx`");
    if (!is_multiplexer(host_side))
        fail_as(ENODEV, "`/dev/pts/ptmx` is not the one of a devpts");
    if (ioctl(host_side, TIOCSPTLCK, &unlock) < 0)
        fail("ioctl TIOCSPTLCK");
    int tty CLOSES = ioctl(host_side, _IO('T', 0x41), O_RDWR | O_NOCTTY | O_CLOEXEC); /* TIOCGPTPEER: no path to swap */
    if (tty < 0)
        fail("ioctl TIOCGPTPEER");
    if (c->bare_lines) {
        if (tcgetattr(tty, &modes) < 0)
            fail("tcgetattr");
        modes.c_oflag &= ~(tcflag_t)ONLCR;
        if (tcsetattr(tty, TCSANOW, &modes) < 0)
            fail("tcsetattr");
    }
    if (c->rows != 0 && ioctl(tty, TIOCSWINSZ, &size) < 0)
        fail("ioctl TIOCSWINSZ");
    if (fchown(tty, (uid_t)c->uid, (gid_t)-1) < 0)
        fail("fchown");
    if (c->cover)
        cover_console(tty);
    report_with(WIRE_REPORT_CONSOLE, 0, host_side);
    for (int fd = 0; fd <= 2; fd++)
        if (dup2(tty, fd) < 0)
            fail("dup2");
    if (ioctl(0, TIOCSCTTY, 0) < 0)
        fail("ioctl TIOCSCTTY");
}

static const char *in_environment(wire_list environment, const char *name) {
    size_t length = strlen(name);
    const char *value = NULL;
    for (uint64_t i = 0; i < count(environment); i++) {
        const char *entry = item(environment, i);
        if (strncmp(entry, name, length) == 0 && entry[length] == '=')
            value = entry + length + 1;
    }
    return value;
}

static bool is_program(const char *path) {
    struct stat info;
    if (stat(path, &info) < 0)
        return false;
    if (!S_ISREG(info.st_mode)) {
        errno = EACCES;
        return false;
    }
    return syscall(SYS_faccessat, AT_FDCWD, path, X_OK) == 0 || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* As execvp(3) would find it, with the PATH of the new environment. */
static void find_program(const struct wire_find_program *f) {
    const char *name = item(f->args, 0);
    int error = ENOENT;

    if (strchr(name, '/') != NULL) {
        if (snprintf(program, sizeof program, "%s", name) >= (int)sizeof program)
            fail_as(ENAMETOOLONG, "exec `%s`", name);
        if (!is_program(program))
            fail("exec: \"%s\"", name);
        return;
    }
    for (const char *at = in_environment(f->env, "PATH"); at != NULL && name[0] != '\0';) {
        size_t length = strcspn(at, ":");
        if (snprintf(program, sizeof program, "%.*s/%s", length == 0 ? 1 : (int)length, length == 0 ? "." : at, name)
            < (int)sizeof program) {
            if (is_program(program))
                return;
            if (errno == EACCES)
                error = EACCES;
        }
        at = at[length] == '\0' ? NULL : at + length + 1;
    }
    if (error == EACCES)
        fail_as(error, "exec: \"%s\"", name);
    fail_as(error, "exec: \"%s\": executable file not found in $PATH", name);
}

void do_find_program(const struct wire_op *op) {
    find_program((const void *)op);
    look_for_interpreter(program);
}

/* By the container's own /etc/passwd; "/" where it says nothing. */
void do_find_home(const struct wire_op *op) {
    const struct wire_find_home *f = (const void *)op;
    static char file[65536];
    snprintf(home, sizeof home, "HOME=/");
    int passwd CLOSES = open("/etc/passwd", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    long length = passwd < 0 ? -1 : RETRY(read(passwd, file, sizeof file - 1));
    if (length <= 0)
        return;
    file[length] = '\0';
    for (char *line = file, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        char *field[7] = {line};
        int fields = 1;
        for (char *colon = strchr(line, ':'); colon != NULL && fields < 7; colon = strchr(colon, ':')) {
            *colon++ = '\0';
            field[fields++] = colon;
        }
        char *end;
        if (fields < 6 || field[2][0] < '0' || field[2][0] > '9')
            continue;
        if (strtoul(field[2], &end, 10) == f->uid && *end == '\0' && field[5][0] == '/') {
            snprintf(home, sizeof home, "HOME=%s", field[5]);
            return;
        }
    }
}

const char *found_home(void) {
    return home[0] == '\0' ? NULL : home;
}

static void end_by_signal(int number) {
    _exit(128 + number);
}

/*
 * The first process of a pid namespace is spared by every signal that it has no handler for. Installed while no filter
 * can refuse it; execve(2) takes the handlers away by itself.
 */
void do_end_on_signals(const struct wire_op *op) {
    (void)op;
    static const int harmless[] = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU, SIGKILL, SIGSTOP};
    sigset_t spared;
    sigemptyset(&spared);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        sigaddset(&spared, harmless[i]);
    sigaddset(&spared, SIGPIPE); /* has a handler: the runtime is gone */
    for (int number = 1; number <= K_LAST_SIGNAL; number++)
        if (sigismember(&spared, number) == 0)
            signal(number, end_by_signal); /* refused for those that the C library keeps for itself */
}

void do_await_start(const struct wire_op *op) {
    (void)op;
    unsigned char byte;
    leave_socket();
    if (RETRY(read(slot_fd[WIRE_SLOT_EXEC_FIFO], &byte, 1)) != 1)
        fail("read `exec.fifo`");
    close(slot_fd[WIRE_SLOT_EXEC_FIFO]);
}

void do_exec(const struct wire_op *op) {
    const struct wire_exec *e = (const void *)op;
    if (count(e->args) + count(e->env) > MOST_STRINGS)
        fail_as(E2BIG, "exec %s", program);
    static const char *pointers[MOST_STRINGS + 3]; /* not on the stack, which the container's limit may keep small */
    const char **env = put_strings(pointers, e->args, NULL);
    put_strings(env, e->env, found_home());
    report(WIRE_REPORT_EXEC, 0); /* from here the end of the channel means success */
    execve(program, (char *const *)(uintptr_t)pointers, (char *const *)(uintptr_t)env);
    if (errno == ENOENT && missing_interpreter() != NULL)
        fail("exec %s\n#!%s", program, missing_interpreter());
    fail("exec %s", program);
}

/* The first process of a container that names no program: reaps, and ends on the signals that ask for it. */
void do_idle(const struct wire_op *op) {
    (void)op;
    sigset_t all, none;
    const struct timespec now = {0};
    sigfillset(&all);
    sigemptyset(&none);
    if (sigprocmask(SIG_BLOCK, &all, NULL) < 0)
        fail("sigprocmask");
    if (sigtimedwait(&none, NULL, &now) < 0 && errno != EAGAIN) /* a filter that refuses to wait is found out in time */
        fail("rt_sigtimedwait");
    prctl(PR_SET_NAME, "gantry-idle", 0, 0, 0);
    report(WIRE_REPORT_EXEC, 0);
    close_channel();
    for (;;) { /* promised to stay: nothing below may end the process but a signal that asks for it */
        int signal_number = 0;
        if (sigwait(&all, &signal_number) != 0)
            continue;
        if (signal_number == SIGTERM || signal_number == SIGINT || signal_number == SIGQUIT || signal_number == SIGHUP)
            _exit(128 + signal_number);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
    }
}
