/* The order that installs a filter. What follows it in a plan must get along with the few calls any filter allows. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <limits.h>

void do_seccomp(const struct wire_op *op) {
    const struct wire_seccomp *s = (const void *)op;
    size_t size;
    const void *filter = memory_of(WIRE_SLOT_SECCOMP, &size); /* execve(2) unmaps it */
    if (size / K_SOCK_FILTER_SIZE > USHRT_MAX) /* the kernel refuses far shorter ones, but would not see this length */
        fail_as(EINVAL, "filter of %zu bytes", size);
    struct k_sock_fprog program = {.len = (unsigned short)(size / K_SOCK_FILTER_SIZE), .filter = filter};
    long listener = syscall(SYS_seccomp, K_SECCOMP_SET_MODE_FILTER, s->flags, &program);
    if (listener < 0)
        fail("seccomp");
    if ((s->flags & K_SECCOMP_FLAG_NEW_LISTENER) == 0)
        return;
    /*
     * Nobody listens yet, so a call that is notified would wait for ever; hence no filter may notify write(2). What
     * follows may be notified: the runtime takes its copy of the listener and hands it to the agent before it says go.
     */
    report(WIRE_REPORT_SECCOMP_LISTENER, listener);
    await_go();
    close((int)listener);
}
