/* The order that runs a hook: a program of its own, on whose success the container depends. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define MOST_STRINGS 65536 /* of arguments and environment; their pointers stand on the stack */
#define OUT_OF_TIME (-1)
#define MS_A_SECOND 1000

/* What a hook wrote: the last of it, for the report. */
struct output {
    int fd;
    size_t length;
    char bytes[1024];
};

/* A whole pipe may come at once; the older half makes room. */
static void collect(struct output *o) {
    for (;;) {
        if (o->length == sizeof o->bytes - 1) {
            memmove(o->bytes, o->bytes + sizeof o->bytes / 2, o->length - sizeof o->bytes / 2);
            o->length -= sizeof o->bytes / 2;
        }
        long got = RETRY(read(o->fd, o->bytes + o->length, sizeof o->bytes - 1 - o->length));
        if (got <= 0)
            break;
        o->length += (size_t)got;
    }
    o->bytes[o->length] = '\0';
}

/* In the new process: nothing here may return. */
static noreturn void become_hook(const struct wire_hook *h, int output, int failed) {
    const char *args[count(h->args) + 2], *env[count(h->env) + 2];
    uint64_t i;
    for (i = 0; i < count(h->args); i++)
        args[i] = item(h->args, i);
    if (i == 0)
        args[i++] = text(h->path);
    args[i] = NULL;
    for (i = 0; i < count(h->env); i++)
        env[i] = item(h->env, i);
    if (h->add_home && found_home() != NULL)
        env[i++] = found_home();
    env[i] = NULL;

    int state = slot_fd[WIRE_SLOT_STATE];
    for (int fd = WIRE_SOCKET; fd < WIRE_SOCKET + preserved_count; fd++)
        close(fd); /* they are the program's */
    if ((!h->in_root || enter_root()) && lseek(state, 0, SEEK_SET) == 0 && dup2(state, 0) == 0 && dup2(output, 1) == 1
        && dup2(output, 2) == 2)
        execve(text(h->path), (char *const *)(uintptr_t)args, (char *const *)(uintptr_t)env);
    int error = errno;
    if (write(failed, &error, sizeof error) < 0)
        _exit(WIRE_EXIT_RUNTIME);
    _exit(WIRE_EXIT_NOT_FOUND);
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * (int64_t)MS_A_SECOND + t.tv_nsec / 1000000;
}

/* Waits for the process to end, collecting what it writes; kills it when time is out, or the runtime is gone. */
static int64_t wait_for(pid_t pid, int pidfd, struct output *output, uint64_t seconds) {
    struct pollfd watched[] = {{.fd = pidfd, .events = POLLIN},
                               {.fd = output->fd, .events = POLLIN},
                               {.fd = channel_to_watch(), .events = 0}};
    int64_t deadline = now() + (int64_t)seconds * MS_A_SECOND;
    int ready;
    do {
        int64_t left = deadline - now();
        ready = poll(watched, sizeof watched / sizeof *watched, seconds == 0 ? -1 : left < 0 ? 0 : (int)left);
        if (ready <= 0)
            continue;
        collect(output);
        if ((watched[1].revents & POLLHUP) != 0)
            watched[1].fd = -1; /* it let go of its output and may go on for long */
    } while (ready != 0 && watched[0].revents == 0 && watched[2].revents == 0);
    bool late = ready == 0;
    if (late || watched[2].revents != 0)
        kill(pid, SIGKILL);
    int status = 0;
    RETRY(waitpid(pid, &status, 0));
    collect(output);
    return late ? OUT_OF_TIME : status;
}

void do_hook(const struct wire_op *op) {
    const struct wire_hook *h = (const void *)op;
    int output_pipe[2], failure_pipe[2], pidfd = -1, error = 0;
    static struct output output;

    if (count(h->args) + count(h->env) > MOST_STRINGS)
        fail_as(E2BIG, "exec `%s`", text(h->path));
    if (pipe2(output_pipe, O_CLOEXEC | O_NONBLOCK) < 0 || pipe2(failure_pipe, O_CLOEXEC) < 0)
        fail("pipe2");
    if (fcntl(output_pipe[1], F_SETFL, 0) < 0) /* the hook's end blocks, as any program expects */
        fail("fcntl");
    long pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &pidfd, NULL, NULL);
    if (pid < 0)
        fail("clone");
    if (pid == 0)
        become_hook(h, output_pipe[1], failure_pipe[1]);
    close(output_pipe[1]);
    close(failure_pipe[1]);
    output = (struct output){.fd = output_pipe[0]};
    int64_t status = wait_for((pid_t)pid, pidfd, &output, h->timeout);
    long failed = RETRY(read(failure_pipe[0], &error, sizeof error));
    close(failure_pipe[0]);
    close(output_pipe[0]);
    close(pidfd);
    if (failed == sizeof error)
        fail_as(error, "exec `%s`", text(h->path));
    if (status != 0)
        fail_hook(status, output.bytes);
}
