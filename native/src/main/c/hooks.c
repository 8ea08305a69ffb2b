/* The order that runs a hook: a program of its own, on whose success the container depends. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define MOST_STRINGS 65536 /* of arguments and environment */
#define OUT_OF_TIME (-1)
#define MS_A_SECOND 1000
#define MOST_SECONDS (INT_MAX / MS_A_SECOND) /* poll(2) takes no more: 24 days */

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

/*
 * The state, on its way to a hook's standard input. The end that the hook reads stays open here too, so that a hook
 * that does not read it raises no SIGPIPE.
 */
struct input {
    int read_end, write_end;
    const char *bytes;
    size_t left;
};

static void open_input(struct input *in) {
    int ends[2];
    in->bytes = memory_of(WIRE_SLOT_STATE, &in->left);
    if (pipe2(ends, O_CLOEXEC) < 0)
        fail("pipe2");
    in->read_end = ends[0];
    in->write_end = ends[1];
    if (fcntl(in->write_end, F_SETFL, O_NONBLOCK) < 0) /* it may be larger than the pipe */
        fail("fcntl");
}

/* Writes what the pipe takes; closes it at the end, which the hook then sees. */
static void feed(struct input *in) {
    while (in->left > 0) {
        long put = RETRY(write(in->write_end, in->bytes, in->left));
        if (put <= 0)
            return;
        in->bytes += put;
        in->left -= (size_t)put;
    }
    close_at_end(&in->write_end);
    in->write_end = -1;
}

static void close_input(const struct input *in) {
    close_at_end(&in->read_end);
    close_at_end(&in->write_end);
}

/* In the new process: nothing here may return. */
static noreturn void become_hook(const struct wire_hook *h, int input, int output, int failed) {
    static const char *pointers[MOST_STRINGS + 4]; /* not on the stack, which the container's limit may keep small */
    const char **env = put_strings(pointers, h->args, count(h->args) == 0 ? text(h->path) : NULL);
    put_strings(env, h->env, h->add_home ? found_home() : NULL);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* nobody else would end it if it has stopped this process */
    umask(program_umask);
    for (int fd = WIRE_SOCKET; fd < WIRE_SOCKET + preserved_count; fd++)
        close(fd); /* they are the program's */
    if ((!h->in_root || enter_root()) && dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2)
        execve(text(h->path), (char *const *)(uintptr_t)pointers,
               h->inherit_env ? environ : (char *const *)(uintptr_t)env);
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

/*
 * Waits for the process to end, feeding it and collecting what it writes; kills it when time is out, or the runtime is
 * gone.
 */
static int64_t wait_for(pid_t pid, int pidfd, struct input *input, struct output *output, uint64_t seconds) {
    struct pollfd watched[] = {{.fd = pidfd, .events = POLLIN},
                               {.fd = output->fd, .events = POLLIN},
                               {.fd = channel_to_watch(), .events = 0},
                               {.fd = input->write_end, .events = POLLOUT}};
    int64_t deadline = now() + (int64_t)(seconds < MOST_SECONDS ? seconds : MOST_SECONDS) * MS_A_SECOND;
    int ready;
    do {
        int64_t left = deadline - now();
        ready = poll(watched, sizeof watched / sizeof *watched, seconds == 0 ? -1 : left < 0 ? 0 : (int)left);
        if (ready <= 0)
            continue;
        collect(output);
        if (watched[3].revents != 0) {
            feed(input);
            watched[3].fd = input->write_end;
        }
        if ((watched[1].revents & POLLHUP) != 0)
            watched[1].fd = -1; /* it closed its output and may go on for long */
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
    struct input input;

    if (count(h->args) + count(h->env) > MOST_STRINGS)
        fail_as(E2BIG, "exec `%s`", text(h->path));
    if (pipe2(output_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        fail("pipe2");
    if (pipe2(failure_pipe, O_CLOEXEC | O_NONBLOCK) < 0) /* another process inside may hold it open */
        fail("pipe2");
    if (fcntl(output_pipe[1], F_SETFL, 0) < 0) /* the hook's end blocks, as any program expects */
        fail("fcntl");
    open_input(&input);
    long pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &pidfd, NULL, NULL);
    if (pid < 0)
        fail("clone");
    if (pid == 0)
        become_hook(h, input.read_end, output_pipe[1], failure_pipe[1]);
    close(output_pipe[1]);
    close(failure_pipe[1]);
    output = (struct output){.fd = output_pipe[0]};
    int64_t status = wait_for((pid_t)pid, pidfd, &input, &output, h->timeout);
    long failed = RETRY(read(failure_pipe[0], &error, sizeof error));
    close_input(&input);
    close(failure_pipe[0]);
    close(output_pipe[0]);
    close(pidfd);
    if (failed == sizeof error)
        fail_as(error, "exec `%s`", text(h->path));
    if (status != 0)
        fail_hook(status, output.bytes);
}
