/* Orders that find the program and become it, or wait, or idle in its place. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define MOST_STRINGS 262144 /* of arguments and environment */

static char program[PATH_MAX];              /* what do_find_program found */
static char home[PATH_MAX];                 /* what do_find_home found, NAME=value; empty if it was not asked */

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
    prctl(PR_SET_NAME, "gantry-init", 0, 0, 0); /* as it may be seen for long */
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
