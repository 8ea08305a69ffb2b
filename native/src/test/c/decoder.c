/*
 * Feeds the whole init plans that were damaged, and finds out whether it ever reads where it should not. Built with the
 * sanitizers from the init's own sources, gantry-init.c with -Dmain=init_main.
 *
 *   decoder ROUNDS PLAN...   damages each plan ROUNDS times; what was done depends on the numbers alone
 *
 * Each plan is followed in a process of its own, in which a filter answers every system call that could change
 * something with 0: so orders go on as if they had been carried out, and nothing is done to the machine. It prints what
 * became of the plans; the exit status is 1 if a process ended in another way than the init ends.
 */
#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_BYTES (1 << 20)
#define GOES 8 /* how often the init is told to go on */
#define SANITIZER_EXIT 99
#define SECONDS 5 /* of processor time; the whole plan takes a millisecond */
#ifdef SYS_pause
#define SYS_WAIT_FOR_EVER SYS_pause
#else
#define SYS_WAIT_FOR_EVER SYS_ppoll
#endif

int init_main(void);
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void) {
    return "exitcode=99:detect_leaks=0:symbolize=0";
}

const char *__ubsan_default_options(void) {
    return "exitcode=99:symbolize=0:print_stacktrace=0";
}

static uint64_t state;

static uint64_t draw(uint64_t below) { /* xorshift64* */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * 0x2545F4914F6CDD1DULL >> 11) % below;
}

static char bytes[MOST_BYTES];
static size_t size;

static struct wire_plan *header(void) {
    return (struct wire_plan *)(void *)bytes;
}

static uint64_t odd_number(void) {
    const uint64_t odd[] = {0, 1, 7, 8, size, size - 1, size - header()->data, size - header()->data - 8, UINT64_MAX,
                            UINT64_MAX - 7, 1ULL << 63, 1ULL << 32, 0x7fffffffULL, 0x7fffffffffffffffULL, 1ULL << 61};
    return draw(2) == 0 ? draw(size + 64) : odd[draw(sizeof odd / sizeof *odd)];
}

static void put_word(size_t at, uint64_t value) {
    if (at + sizeof value <= size)
        memcpy(bytes + at, &value, sizeof value);
}

/* Follows only the orders from a random one on, so that the late ones have their turn too. */
static void drop_orders(void) {
    size_t from = sizeof(struct wire_plan), data = header()->data, at = from;
    for (uint64_t orders = draw(120); orders > 0 && at < data; orders--)
        at += ((struct wire_op *)(void *)(bytes + at))->size;
    if (at >= data)
        return;
    memmove(bytes + from, bytes + at, size - at);
    size -= at - from;
    header()->data -= at - from;
    header()->size = size;
}

/* One change: to the orders mostly, whose numbers point everywhere; to anything; to the length. */
static void damage(void) {
    size_t data = header()->data < size ? header()->data : size, orders = data > 40 ? data - 24 : 16;
    switch (draw(6)) {
    case 0:
    case 1:
        put_word(sizeof(struct wire_plan) + draw(orders) / 8 * 8, odd_number());
        break;
    case 2:
        put_word(data + draw(size - data + 1) / 8 * 8, odd_number());
        break;
    case 3:
        bytes[draw(size)] = (char)draw(256);
        break;
    case 4:
        bytes[sizeof(struct wire_plan) + draw(orders)] = (char)draw(256);
        break;
    default:
        size = draw(8) == 0 ? draw(size) + 1 : size;
        header()->size = draw(8) == 0 ? odd_number() : size;
        if (size >= 16 && draw(8) != 0)
            header()->version = WIRE_VERSION;
    }
}

static bool load(const char *path) {
    int file = open(path, O_RDONLY);
    long got = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    size = got < 0 ? 0 : (size_t)got;
    close(file);
    return size > sizeof(struct wire_plan);
}

static int sealed_plan(void) {
    int plan = (int)syscall(SYS_memfd_create, "plan", 2U /* MFD_ALLOW_SEALING */);
    if (plan < 0 || write(plan, bytes, size) != (long)size || fcntl(plan, F_ADD_SEALS, 0xf) < 0)
        exit(2);
    return plan;
}

static void send_with(int channel, const void *message, size_t length, const int *fds, size_t count) {
    union {
        char bytes[CMSG_SPACE(sizeof(int) * WIRE_SLOT_COUNT)];
        struct cmsghdr align;
    } control;
    struct iovec vector = {.iov_base = (void *)(uintptr_t)message, .iov_len = length};
    struct msghdr header = {.msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(rights), fds, sizeof(int) * count);
    if (sendmsg(channel, &header, 0) < 0)
        exit(2);
}

/* All that the runtime would ever say, at once. */
static void say_all(int channel, int null) {
    struct wire_hello hello = {.magic = WIRE_MAGIC, .version = WIRE_VERSION, .count = WIRE_SLOT_COUNT};
    int fds[WIRE_SLOT_COUNT];
    unsigned char go = WIRE_GO;
    for (int slot = 0; slot < WIRE_SLOT_COUNT; slot++) {
        hello.slots[slot] = (uint8_t)slot;
        bool memory = slot == WIRE_SLOT_PLAN || slot == WIRE_SLOT_SECCOMP || slot == WIRE_SLOT_STATE;
        fds[slot] = memory ? sealed_plan() : null; /* any bytes do for a filter that is not installed, or a state */
    }
    send_with(channel, &hello, sizeof hello, fds, WIRE_SLOT_COUNT);
    close(fds[WIRE_SLOT_PLAN]);
    close(fds[WIRE_SLOT_SECCOMP]);
    close(fds[WIRE_SLOT_STATE]);
    for (int i = 0; i < GOES; i++)
        send_with(channel, &go, sizeof go, &null, 1);
    shutdown(channel, SHUT_WR);
}

/* Calls that only look, or that concern nothing but this process's memory; all others are answered with 0. */
static void pretend(void) {
    static const int endless[] = {SYS_rt_sigtimedwait, SYS_WAIT_FOR_EVER}; /* idle, or there for its namespace alone */
    static const int real[] = {
        SYS_read, SYS_write, SYS_recvmsg, SYS_sendmsg, SYS_fstat, SYS_statx, SYS_fstatfs, SYS_getcwd, SYS_readlinkat,
        SYS_mmap, SYS_munmap, SYS_mprotect, SYS_madvise, SYS_brk, SYS_rt_sigaction, SYS_rt_sigprocmask,
        SYS_rt_sigreturn, SYS_sigaltstack, SYS_exit, SYS_exit_group, SYS_futex, SYS_getpid, SYS_gettid, SYS_fcntl,
        SYS_clock_gettime,
        SYS_newfstatat, SYS_kill, SYS_tgkill,
    };
    enum { REAL = sizeof real / sizeof *real, ENDLESS = sizeof endless / sizeof *endless, RETURN = 1 + REAL + ENDLESS };
    struct sock_filter filter[RETURN + 3];
    struct sock_fprog program = {.len = RETURN + 3, .filter = filter};
    filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned char i = 0; i < REAL; i++)
        filter[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)real[i], RETURN - i, 0);
    for (unsigned char i = 0; i < ENDLESS; i++)
        filter[1 + REAL + i]
            = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)endless[i], ENDLESS - i, 0);
    filter[RETURN] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0);
    filter[RETURN + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    filter[RETURN + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
        exit(2);
}

static void be_init(int channel, int null) {
    struct rlimit time = {.rlim_cur = SECONDS, .rlim_max = SECONDS}, none = {0};
    if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(channel, WIRE_SOCKET) < 0)
        exit(2);
    setrlimit(RLIMIT_CPU, &time);
    setrlimit(RLIMIT_CORE, &none);
    syscall(SYS_close_range, WIRE_SOCKET + 1, ~0U, 0);
    pretend();
    _exit(init_main());
}

static bool is_end_of_init(int status) {
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS;
    int code = WEXITSTATUS(status);
    return code == 0 || (code >= WIRE_EXIT_RUNTIME && code <= WIRE_EXIT_NOT_FOUND);
}

static int refused, followed;

/* Follows the plan in a new process; false if that ended as the init never does. */
static bool follow(int null) {
    int channel[2], status;
    struct wire_report said;
    bool orders = false;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0)
        exit(2);
    say_all(channel[0], null);
    pid_t pid = fork();
    if (pid == 0)
        be_init(channel[1], null);
    close(channel[1]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        exit(2);
    long got;
    while ((got = recv(channel[0], &said, sizeof said, MSG_DONTWAIT)) == sizeof said
           || (got < 0 && errno == ECONNRESET))
        orders = orders || (got > 0 && said.step != WIRE_NO_STEP);
    close(channel[0]);
    followed += orders;
    refused += !orders;
    if (!is_end_of_init(status))
        printf("ended by %s %d\n", WIFSIGNALED(status) ? "signal" : "status",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return is_end_of_init(status);
}

int main(int count, char **arguments) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), wrong = 0;
    int rounds = count < 3 ? 0 : atoi(arguments[1]);
    for (int file = 2; file < count; file++) {
        for (int round = 0; round < rounds; round++) {
            if (!load(arguments[file]))
                return 2;
            state = (uint64_t)file << 32 | (uint64_t)(round + 1);
            if (round > 0 && draw(3) != 0)
                drop_orders();
            for (uint64_t changes = round == 0 ? 0 : draw(4); changes > 0; changes--)
                damage();
            if (!follow(null)) {
                wrong++;
                printf("  round %d of %s\n", round, arguments[file]);
                fflush(stdout);
            }
        }
    }
    printf("%d followed, %d refused, %d wrong\n", followed, refused, wrong);
    return wrong == 0 && followed + refused > 0 ? 0 : 1;
}
