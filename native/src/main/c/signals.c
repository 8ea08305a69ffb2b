/*
 * A handler for a signal that the Java machine keeps for itself, SIGQUIT: tells of it through a pipe. A library of its
 * own, loaded into the Java machine; it asks for nothing but what the C library there has.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

int gantry_tell_signals(int number, int fd);

static volatile sig_atomic_t told_to;

static void tell(int number) {
    const int before = errno;
    const unsigned char byte = (unsigned char)number;
    if (write(told_to, &byte, 1) < 0) {
        /* nobody listens, and nothing could be done about it here */
    }
    errno = before;
}

/* From now on every signal of that number is a byte on the descriptor, which has to stay open. */
int gantry_tell_signals(int number, int fd) {
    struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};
    told_to = fd;
    return sigaction(number, &action, NULL);
}
