/*
 * The socket to the runtime: the plan and its descriptors come down once, then reports go up and single bytes come
 * down.
 */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

uint32_t current_step = WIRE_NO_STEP;
int slot_fd[WIRE_SLOT_COUNT];
int preserved_count;

static int channel = WIRE_SOCKET;

/* What came as a sealed memory file: mapped, its descriptor closed at once. */
static struct {
    const void *bytes;
    size_t size;
} memory[WIRE_SLOT_COUNT];

/* The one place that says goodbye when the runtime is gone: nobody is left to report to, and nothing was promised. */
static noreturn void orphaned(void) {
    _exit(WIRE_EXIT_RUNTIME);
}

static void on_broken_pipe(int number) {
    (void)number;
    orphaned();
}

/*
 * write(2) has no MSG_NOSIGNAL. A handler says the same goodbye, and execve(2) takes it away by itself, where a signal
 * that was ignored or blocked would have to be put right by one more call, which a filter may refuse by then.
 */
void expect_broken_pipe(void) {
    signal(SIGPIPE, on_broken_pipe);
}

static int moved_up(int fd) {
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, WIRE_SOCKET + preserved_count);
    if (moved < 0)
        fail("fcntl F_DUPFD_CLOEXEC");
    close(fd);
    return moved;
}

void close_slot(enum wire_slot slot) {
    close_at_end(&slot_fd[slot]);
    slot_fd[slot] = -1;
}

static void map_memory(enum wire_slot slot) {
    struct stat info;
    int file = slot_fd[slot];
    if (file < 0)
        return;
    if (fstat(file, &info) < 0)
        fail("fstat");
    if ((fcntl(file, F_GET_SEALS) & SEALS) != SEALS) /* what is checked once must be what is followed later */
        fail_as(EPROTO, "memory from the runtime is not sealed");
    memory[slot].size = (size_t)info.st_size;
    if (info.st_size > 0) {
        memory[slot].bytes = mmap(NULL, memory[slot].size, PROT_READ, MAP_PRIVATE, file, 0);
        if (memory[slot].bytes == MAP_FAILED)
            fail("mmap");
    }
    close(file);
    slot_fd[slot] = -1;
}

/* What the runtime gave in that slot, for as long as the process is ours. */
const void *memory_of(enum wire_slot slot, size_t *size) {
    *size = memory[slot].size;
    return memory[slot].bytes;
}

/* How many descriptors came with a message; 0 too if some did not fit, or came with something else. */
static size_t carried_by(struct msghdr *message) {
    struct cmsghdr *rights = CMSG_FIRSTHDR(message);
    if (rights == NULL || (message->msg_flags & MSG_CTRUNC) != 0 || rights->cmsg_level != SOL_SOCKET
        || rights->cmsg_type != SCM_RIGHTS)
        return 0;
    return (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
}

/*
 * The numbers that the program wants are free by now, and the kernel gives the lowest free ones. There may be as many
 * as the limit of open files allows: they are never moved, which would take twice as many.
 */
static void receive_preserved(void) {
    int next = WIRE_SOCKET, given[WIRE_MAX_FDS];
    while (next < WIRE_SOCKET + preserved_count) {
        unsigned char order_byte = 0;
        union {
            char bytes[CMSG_SPACE(sizeof given)];
            struct cmsghdr align;
        } control;
        struct iovec vector = {.iov_base = &order_byte, .iov_len = 1};
        struct msghdr message = {
            .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
        if (RETRY(recvmsg(channel, &message, 0)) != 1 || order_byte != WIRE_GO)
            orphaned();
        size_t carried = carried_by(&message);
        if (carried == 0 || carried > WIRE_MAX_FDS)
            fail_as(EMFILE, "preserve %d descriptors", preserved_count);
        memcpy(given, CMSG_DATA(CMSG_FIRSTHDR(&message)), carried * sizeof(int));
        for (size_t i = 0; i < carried; i++)
            if (given[i] != next++)
                fail_as(EBADF, "preserve descriptor %d", next - 1);
    }
}

/* Before anything else is opened, so that nothing ever has the numbers that the program wants; ours go above them. */
static void preserve(uint32_t wanted) {
    if (wanted == 0)
        return;
    if (wanted > INT_MAX - WIRE_SOCKET)
        fail_as(EMFILE, "preserve %u descriptors", wanted);
    preserved_count = (int)wanted;
    channel = moved_up(channel);
    for (size_t i = 0; i < WIRE_SLOT_COUNT; i++)
        if (slot_fd[i] >= 0)
            slot_fd[i] = moved_up(slot_fd[i]);
    receive_preserved();
}

void receive_plan(void) {
    struct wire_hello hello;
    union {
        char bytes[CMSG_SPACE(sizeof(int) * sizeof hello.slots)];
        struct cmsghdr align;
    } control;
    struct iovec vector = {.iov_base = &hello, .iov_len = sizeof hello};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    int given[sizeof hello.slots];

    for (size_t i = 0; i < WIRE_SLOT_COUNT; i++)
        slot_fd[i] = -1;
    long got = RETRY(recvmsg(channel, &message, MSG_CMSG_CLOEXEC));
    if (got == 0)
        orphaned();
    if (got != (long)sizeof hello || hello.magic != WIRE_MAGIC || hello.version != WIRE_VERSION)
        fail_as(EPROTO, "hello from the runtime");

    size_t carried = carried_by(&message);
    if (carried != hello.count || carried > sizeof hello.slots || carried == 0)
        fail_as(EPROTO, "descriptors from the runtime");
    memcpy(given, CMSG_DATA(CMSG_FIRSTHDR(&message)), carried * sizeof(int));
    for (size_t i = 0; i < carried; i++) {
        if (hello.slots[i] >= WIRE_SLOT_COUNT)
            fail_as(EPROTO, "slot of a descriptor");
        slot_fd[hello.slots[i]] = given[i];
    }
    preserve(hello.preserved);
    map_memory(WIRE_SLOT_PLAN);
    map_memory(WIRE_SLOT_SECCOMP);
    map_memory(WIRE_SLOT_STATE);
}

/*
 * One write is one whole record, on the socket because it keeps records apart, on the fifo because it is below
 * PIPE_BUF. It is write(2) and read(2) on a socket too: a filter that is on by now allows those before it allows
 * anything else.
 */
static void send_report(const struct wire_report *r) {
    if (RETRY(write(channel, r, sizeof *r)) != (long)sizeof *r)
        orphaned();
}

void report(uint32_t kind, int64_t value) {
    struct wire_report r = {.magic = WIRE_MAGIC, .kind = kind, .step = current_step, .value = value};
    send_report(&r);
}

void report_with(uint32_t kind, int64_t value, int fd) {
    struct wire_report r = {.magic = WIRE_MAGIC, .kind = kind, .step = current_step, .value = value};
    struct iovec vector = {.iov_base = &r, .iov_len = sizeof r};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {.bytes = {0}};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(rights), &fd, sizeof(int));
    if (RETRY(sendmsg(channel, &message, 0)) != (long)sizeof r)
        orphaned();
}

/* A descriptor from the runtime, known by its slot from now on. */
void await_go_with(enum wire_slot slot) {
    unsigned char order_byte = 0;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec vector = {.iov_base = &order_byte, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    if (RETRY(recvmsg(channel, &message, MSG_CMSG_CLOEXEC)) != 1 || order_byte != WIRE_GO)
        orphaned();
    if (carried_by(&message) != 1)
        fail_as(EPROTO, "descriptor from the runtime");
    close_slot(slot);
    memcpy(&slot_fd[slot], CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
    if (slot == WIRE_SLOT_STATE)
        map_memory(slot);
}

void await_go(void) {
    unsigned char order_byte = 0;
    if (RETRY(read(channel, &order_byte, 1)) != 1 || order_byte != WIRE_GO)
        orphaned();
}

/* For a process of ours that waits for something else too: ends it when the runtime is gone. */
int channel_to_watch(void) {
    return channel;
}

/*
 * A process that runs hooks, or waits for its start, has no socket by which one that took it over could speak to the
 * runtime as stage one did.
 */
void leave_socket(void) {
    close(channel);
    channel = slot_fd[WIRE_SLOT_REPORTS];
    slot_fd[WIRE_SLOT_REPORTS] = -1;
}

void close_channel(void) {
    close(channel);
    channel = -1;
}

/* A hook ran and failed: there is no errno, but a status and what it wrote, of which the end says most. */
noreturn void fail_hook(int64_t status, const char *output) {
    struct wire_report r = {.magic = WIRE_MAGIC, .kind = WIRE_REPORT_FAILED, .step = current_step, .value = status};
    size_t length = strlen(output);
    snprintf(r.text, sizeof r.text, "%s", length < sizeof r.text ? output : output + length - sizeof r.text + 1);
    send_report(&r);
    _exit(WIRE_EXIT_RUNTIME);
}

static noreturn void fail_with(int error, const char *format, va_list arguments) {
    struct wire_report r = {.magic = WIRE_MAGIC, .kind = WIRE_REPORT_FAILED, .step = current_step, .error = error};
    vsnprintf(r.text, sizeof r.text, format, arguments);
    send_report(&r);
    _exit(error == ENOENT ? WIRE_EXIT_NOT_FOUND : error == EACCES ? WIRE_EXIT_NOT_EXECUTABLE : WIRE_EXIT_RUNTIME);
}

void fail(const char *format, ...) {
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    fail_with(error, format, arguments);
}

void fail_as(int error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fail_with(error, format, arguments);
}
