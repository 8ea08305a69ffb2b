/*
 * A library to load before user-mode-linux. That has a buffer of a fixed size for the extended processor state, and the
 * kernel takes back only the whole of it, which is larger where the processor has AMX: its first process would die. So
 * what it sets is put into the whole that is there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#define NT_X86_XSTATE 0x202
#define MOST_BYTES 65536

typedef long traced(enum __ptrace_request request, pid_t pid, void *address, void *data);

long ptrace(enum __ptrace_request request, ...) {
    static _Alignas(64) char whole[MOST_BYTES];
    static traced *real;
    va_list rest;
    va_start(rest, request);
    pid_t pid = va_arg(rest, pid_t);
    void *address = va_arg(rest, void *), *data = va_arg(rest, void *);
    va_end(rest);
    if (real == NULL)
        real = (traced *)dlsym(RTLD_NEXT, "ptrace");
    if (request != PTRACE_SETREGSET || (long)address != NT_X86_XSTATE)
        return real(request, pid, address, data);
    struct iovec all = {.iov_base = whole, .iov_len = sizeof whole};
    const struct iovec *given = data;
    if (real(PTRACE_GETREGSET, pid, address, &all) < 0)
        return -1;
    memcpy(whole, given->iov_base, given->iov_len < all.iov_len ? given->iov_len : all.iov_len);
    return real(request, pid, address, &all);
}
