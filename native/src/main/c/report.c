/* The socket to the runtime: the plan and its descriptors come down once, then reports go up and single bytes come down. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

uint32_t current_step = WIRE_NO_STEP;
int slot_fd[WIRE_SLOT_COUNT];
int preserved_count;

static int channel = WIRE_SOCKET;
static const char *plan; /* read-only, mapped for the life of the process */

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

static const struct wire_plan *header(void) {
    return (const struct wire_plan *)(const void *)plan;
}

static int moved_up(int fd) {
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, WIRE_SOCKET + preserved_count);
    if (moved < 0)
        fail("fcntl F_DUPFD_CLOEXEC");
    close(fd);
    return moved;
}

/* Before anything else is opened, so that nothing ever has the numbers that the program wants; ours go above them. */
static void preserve(int *fds) {
    if (preserved_count == 0)
        return;
    channel = moved_up(channel);
    for (size_t i = 0; i < WIRE_SLOT_COUNT; i++)
        if (slot_fd[i] >= 0)
            slot_fd[i] = moved_up(slot_fd[i]);
    for (int i = 0; i < preserved_count; i++)
        fds[i] = moved_up(fds[i]);
    for (int i = 0; i < preserved_count; i++) {
        if (dup2(fds[i], WIRE_SOCKET + i) < 0)
            fail("dup2");
        close(fds[i]);
    }
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

    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    size_t carried = rights == NULL ? 0 : (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (carried != hello.count || carried > sizeof hello.slots || carried == 0)
        fail_as(EPROTO, "descriptors from the runtime");
    memcpy(given, CMSG_DATA(rights), carried * sizeof(int));
    for (size_t i = 0; i < carried; i++) {
        if (hello.slots[i] >= WIRE_SLOT_COUNT)
            fail_as(EPROTO, "slot of a descriptor");
        if (hello.slots[i] == WIRE_SLOT_PRESERVED)
            given[preserved_count++] = given[i];
        else
            slot_fd[hello.slots[i]] = given[i];
    }
    preserve(given);

    struct stat info;
    if (fstat(slot_fd[WIRE_SLOT_PLAN], &info) < 0)
        fail("fstat");
    void *mapped = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, slot_fd[WIRE_SLOT_PLAN], 0);
    if (mapped == MAP_FAILED)
        fail("mmap");
    plan = mapped;
    if (header()->magic != WIRE_MAGIC || header()->size != (uint64_t)info.st_size)
        fail_as(EPROTO, "plan");
    close(slot_fd[WIRE_SLOT_PLAN]);
    slot_fd[WIRE_SLOT_PLAN] = -1;
}

const struct wire_op *first_op(void) {
    return (const struct wire_op *)(const void *)(plan + sizeof(struct wire_plan));
}

const struct wire_op *next_op(const struct wire_op *op) {
    return (const struct wire_op *)(const void *)((const char *)op + op->size);
}

static const char *data(uint64_t at) {
    return plan + header()->data + at;
}

static uint64_t word(const char *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

const char *text(wire_str s) {
    return s.at == 0 ? NULL : data(s.at);
}

uint64_t count(wire_list list) {
    return word(data(list.at));
}

const char *item(wire_list list, uint64_t index) {
    return data(word(data(list.at) + 8 * (index + 1)));
}

const void *blob(wire_blob b, size_t *size) {
    *size = (size_t)word(data(b.at));
    return data(b.at) + 8;
}

uint64_t number_at(wire_blob b, uint64_t index) {
    return word(data(b.at) + 8 * (index + 1));
}

/*
 * One write is one whole record, on the socket because it keeps records apart, on the fifo because it is below PIPE_BUF.
 * It is write(2) and read(2) on a socket too: a filter that is on by now allows those before it allows anything else.
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
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (rights == NULL || rights->cmsg_len != CMSG_LEN(sizeof(int)))
        fail_as(EPROTO, "descriptor from the runtime");
    close_at_end(&slot_fd[slot]);
    memcpy(&slot_fd[slot], CMSG_DATA(rights), sizeof(int));
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

void use_channel(int fd) {
    close(channel);
    channel = fd;
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
