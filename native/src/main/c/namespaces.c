/* Orders about the namespaces that the process is in, and what is set in new ones. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int namespace_fd[WIRE_MOST_NAMESPACES]; /* 0 where there is none */

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

/* Sockets stay in the namespace they were made in, whichever process has them; the runtime connects them there. */
void do_tcp_sockets(const struct wire_op *op) {
    const struct wire_tcp_sockets *s = (const void *)op;
    for (uint64_t i = 0; i < s->count; i++) {
        int made CLOSES = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (made < 0)
            fail("socket");
        report_with(WIRE_REPORT_SOCKET, 0, made);
    }
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
