/*
 * A seccomp agent: `agent DIRECTORY STATES ERRNO`, listening on agent.sock in the directory. Every process state that
 * arrives is appended to the file STATES, a line each, with the number of descriptors in front. Then every notified
 * call is answered: with the errno, or, if that is 0, by letting it go on. A child serves each listener until its last
 * process has ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void serve(int listener, int error) {
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    while (poll(&ready, 1, -1) > 0 && (ready.revents & POLLIN) != 0) {
        struct seccomp_notif call;
        memset(&call, 0, sizeof call);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
            continue; /* the process was killed meanwhile */
        struct seccomp_notif_resp answer = {.id = call.id, .error = -error};
        if (error == 0)
            answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

static int receive(int connection, FILE *states) {
    char text[4096];
    union {
        char bytes[CMSG_SPACE(sizeof(int) * 8)];
        struct cmsghdr align;
    } control;
    struct iovec vector = {.iov_base = text, .iov_len = sizeof text};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    int listener = -1;
    long length = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
    if (length < 0)
        die("recvmsg");
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    size_t count = rights == NULL ? 0 : (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (count > 0)
        memcpy(&listener, CMSG_DATA(rights), sizeof listener);
    fprintf(states, "%zu %.*s\n", count, (int)length, text);
    fflush(states);
    return listener;
}

int main(int argc, char **argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 4 || chdir(argv[1]) < 0) /* a directory, whose path may be longer than an address */
        die("agent DIRECTORY STATES ERRNO");
    strcpy(address.sun_path, "agent.sock");
    FILE *states = fopen(argv[2], "a");
    int entrance = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    signal(SIGCHLD, SIG_IGN);
    if (states == NULL || bind(entrance, (struct sockaddr *)&address, sizeof address) < 0 || listen(entrance, 16) < 0)
        die("listen");
    for (;;) {
        int connection = accept(entrance, NULL, NULL);
        if (connection < 0)
            die("accept");
        int listener = receive(connection, states);
        close(connection);
        if (fork() == 0) {
            serve(listener, atoi(argv[3]));
            _exit(0);
        }
        close(listener);
    }
}
