/* Orders about what the process gets of processors, disks and memory. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <sys/personality.h>

#define IOPRIO_WHO_PROCESS 1
#define MOST_WORDS 1024 /* of a mask, a bit each for a CPU or a node */
#define BITS_A_WORD 64

/* The words of a mask, aligned as the kernel wants them. */
static size_t mask_of(wire_blob b, unsigned long words[MOST_WORDS]) {
    size_t bytes;
    blob(b, &bytes);
    if (bytes / 8 > MOST_WORDS)
        fail_as(EINVAL, "mask");
    for (size_t i = 0; i < bytes / 8; i++)
        words[i] = (unsigned long)number_at(b, i);
    return bytes / 8;
}

void do_affinity(const struct wire_op *op) {
    const struct wire_affinity *a = (const void *)op;
    unsigned long mask[MOST_WORDS];
    size_t words = mask_of(a->mask, mask);
    if (syscall(SYS_sched_setaffinity, 0, words * sizeof *mask, mask) < 0)
        fail("sched_setaffinity");
}

void do_scheduler(const struct wire_op *op) {
    const struct wire_scheduler *s = (const void *)op;
    struct k_sched_attr attributes = {.size = sizeof attributes,
                                      .sched_policy = (uint32_t)s->policy,
                                      .sched_flags = s->flags,
                                      .sched_nice = (int32_t)s->nice,
                                      .sched_priority = (uint32_t)s->priority,
                                      .sched_runtime = s->runtime,
                                      .sched_deadline = s->deadline,
                                      .sched_period = s->period};
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) < 0)
        fail("sched_setattr");
}

void do_io_priority(const struct wire_op *op) {
    const struct wire_io_priority *p = (const void *)op;
    if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, p->priority) < 0)
        fail("ioprio_set");
}

void do_personality(const struct wire_op *op) {
    const struct wire_personality *p = (const void *)op;
    if (personality(p->domain) < 0)
        fail("personality");
}

void do_memory_policy(const struct wire_op *op) {
    const struct wire_memory_policy *m = (const void *)op;
    unsigned long nodes[MOST_WORDS];
    size_t words = mask_of(m->nodes, nodes);
    /* the kernel takes one bit less than the size it is given */
    if (syscall(SYS_set_mempolicy, m->mode, words == 0 ? NULL : nodes, words == 0 ? 0 : words * BITS_A_WORD + 1) < 0)
        fail("set_mempolicy");
}
