/*
 * The yardsticks of scripts/bench, without a JVM:
 *
 *   bench run N COMMAND...            N times: fork, exec, wait; prints the microseconds of each
 *   bench loop N INIT PLAN TASKS DIR  N times: what the runtime does for one container, from a plan that it wrote down:
 *                                     the TASKS ("mkdir PATH" or "write PATH VALUE", one a line), the state files in
 *                                     DIR, gantry-init with the PLAN, its end, and the removal of all that
 */
#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now_micros(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void run(char **command) {
    pid_t pid;
    int status;
    if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ) != 0 || waitpid(pid, &status, 0) != pid
        || status != 0)
        die(command[0]);
}

static char *read_file(const char *path, size_t *size) {
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) < 0)
        die(path);
    char *content = malloc((size_t)info.st_size + 1);
    if (content == NULL || read(file, content, (size_t)info.st_size) != info.st_size)
        die(path);
    content[info.st_size] = '\0';
    *size = (size_t)info.st_size;
    close(file);
    return content;
}

#define MFD_EXEC_ 0x10 /* younger than the headers */

static int memory(const char *content, size_t size) {
    int file = memfd_create("bench", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC_);
    if (file < 0 || write(file, content, size) != (ssize_t)size || fcntl(file, F_ADD_SEALS, 15) < 0)
        die("memfd");
    return file;
}

static void replace(const char *dir, const char *name) {
    char next[4096], final[4096];
    snprintf(next, sizeof next, "%s/%s.next", dir, name);
    snprintf(final, sizeof final, "%s/%s", dir, name);
    int file = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || write(file, "{}", 2) != 2 || close(file) < 0 || rename(next, final) < 0)
        die(next);
}

static void perform(char *tasks, int undo) {
    for (char *line = tasks; *line != '\0'; line += strlen(line) + 1) {
        char *path = strchr(line, ' ') + 1, *value = line[0] == 'w' ? strchr(path, ' ') + 1 : NULL;
        if (value == NULL) {
            if (undo ? rmdir(path) < 0 : mkdir(path, 0755) < 0)
                die(path);
        } else if (!undo) {
            value[-1] = '\0';
            int file = open(path, O_WRONLY | O_CLOEXEC);
            if (file < 0 || write(file, value, strlen(value)) < 0)
                die(path);
            close(file);
            value[-1] = ' ';
        }
    }
}

static void launch(int program, const char *plan, size_t plan_size) {
    int ends[2], plan_file = memory(plan, plan_size), null = open("/dev/null", O_RDWR | O_CLOEXEC);
    char path[64], *args[] = {"gantry-init", NULL}, *none[] = {NULL};
    posix_spawn_file_actions_t actions;
    pid_t stage_one;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        die("socketpair");
    snprintf(path, sizeof path, "/proc/self/fd/%d", program);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], WIRE_SOCKET);
    errno = posix_spawn(&stage_one, path, &actions, NULL, args, none);
    if (errno != 0)
        die("posix_spawn");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    int fds[] = {plan_file, null, null, null};
    struct wire_hello hello = {.magic = WIRE_MAGIC, .version = WIRE_VERSION, .count = 4,
                               .slots = {WIRE_SLOT_PLAN, WIRE_SLOT_STDIN, WIRE_SLOT_STDOUT, WIRE_SLOT_STDERR}};
    char control[CMSG_SPACE(sizeof fds)];
    struct iovec vector = {&hello, sizeof hello};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(rights), fds, sizeof fds);
    if (sendmsg(ends[0], &message, 0) < 0)
        die("sendmsg");
    close(plan_file);
    close(null);

    struct wire_report report;
    pid_t pid = -1;
    while (recv(ends[0], &report, sizeof report, 0) == (ssize_t)sizeof report) {
        unsigned char go = WIRE_GO;
        if (report.kind == WIRE_REPORT_PID)
            pid = (pid_t)report.value;
        if (report.kind == WIRE_REPORT_READY && send(ends[0], &go, 1, 0) != 1)
            die("send");
        if (report.kind == WIRE_REPORT_FAILED)
            errno = report.error, die(report.text);
    }
    close(ends[0]);
    if (waitpid(stage_one, NULL, 0) < 0 || waitpid(pid, NULL, 0) < 0)
        die("waitpid");
}

static void container(int program, const char *plan, size_t plan_size, char *tasks, const char *dir) {
    char path[4096];
    if (mkdir(dir, 0700) < 0)
        die(dir);
    replace(dir, "config.json");
    replace(dir, "state.json");
    perform(tasks, 0);
    launch(program, plan, plan_size);
    replace(dir, "state.json");
    perform(tasks, 1);
    snprintf(path, sizeof path, "%s/config.json", dir);
    unlink(path);
    snprintf(path, sizeof path, "%s/state.json", dir);
    unlink(path);
    if (rmdir(dir) < 0)
        die(dir);
}

int main(int argc, char **argv) {
    int times = argc > 2 ? atoi(argv[2]) : 0;
    if (argc > 3 && strcmp(argv[1], "run") == 0) {
        for (int i = 0; i < times; i++) {
            double begin = now_micros();
            run(argv + 3);
            printf("%.0f\n", now_micros() - begin);
        }
        return 0;
    }
    if (argc != 7 || strcmp(argv[1], "loop") != 0) {
        fputs("usage: bench run N COMMAND... | bench loop N INIT PLAN TASKS DIR\n", stderr);
        return 2;
    }
    size_t init_size, plan_size, tasks_size;
    char *init = read_file(argv[3], &init_size), *plan = read_file(argv[4], &plan_size);
    char *tasks = read_file(argv[5], &tasks_size);
    int program = fcntl(memory(init, init_size), F_DUPFD_CLOEXEC, 10); /* out of the way of the socket's number */
    for (size_t i = 0; i < tasks_size; i++)
        if (tasks[i] == '\n')
            tasks[i] = '\0';
    for (int i = 0; i < times; i++) {
        double begin = now_micros();
        container(program, plan, plan_size, tasks, argv[6]);
        printf("%.0f\n", now_micros() - begin);
    }
    return 0;
}
