/* Orders about standard input, output and error, and the terminal that they may be. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>

/*
 * The copies are closed at once: a process that waits, or that gets a terminal later, holds nothing more of the
 * caller's.
 */
void do_stdio(const struct wire_op *op) {
    (void)op;
    for (int fd = 0; fd <= 2; fd++) {
        int *given = &slot_fd[WIRE_SLOT_STDIN + fd];
        if (*given < 0)
            continue;
        if (dup2(*given, fd) < 0)
            fail("dup2");
        close(*given);
        *given = -1;
    }
}

void do_own_null(const struct wire_op *op) {
    (void)op;
    int root CLOSES = -1, null CLOSES = -1;
    for (int fd = 0; fd <= 2; fd++) {
        if (!is_device(fd, S_IFCHR, makedev(1, 3)))
            continue;
        if (null < 0) {
            root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
            null = open_in(root, "/dev/null", O_RDWR | O_NOCTTY | O_NONBLOCK, K_RESOLVE_NO_SYMLINKS);
            if (null < 0 || !is_device(null, S_IFCHR, makedev(1, 3))) /* a root without one, or with a trap for us */
                return;
            if (fcntl(null, F_SETFL, 0) < 0)
                fail("fcntl");
        }
        if (dup2(null, fd) < 0)
            fail("dup2");
    }
}

/* In devpts, number 2 is its multiplexer; a node of the same device elsewhere leads to the devpts beside it. */
static bool is_multiplexer(int fd) {
    struct statfs system;
    struct stat info;
    return fstatfs(fd, &system) == 0 && fstat(fd, &info) == 0 && system.f_type == K_DEVPTS_SUPER_MAGIC
           && info.st_ino == 2 && is_device(fd, S_IFCHR, makedev(5, 2));
}

/* The pair is made in the container's own devpts; its other end goes to the runtime with the report. */
void do_console(const struct wire_op *op) {
    const struct wire_console *c = (const void *)op;
    struct winsize size = {.ws_row = (unsigned short)c->rows, .ws_col = (unsigned short)c->columns};
    struct termios modes;
    int unlock = 0;

    int host_side CLOSES = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
    if (host_side < 0)
        fail("open `/dev/pts/ptmx`");
    if (!is_multiplexer(host_side))
        fail_as(ENODEV, "`/dev/pts/ptmx` is not the one of a devpts");
    if (ioctl(host_side, TIOCSPTLCK, &unlock) < 0)
        fail("ioctl TIOCSPTLCK");
    int tty CLOSES = ioctl(host_side, _IO('T', 0x41), O_RDWR | O_NOCTTY | O_CLOEXEC); /* TIOCGPTPEER: no path to swap */
    if (tty < 0)
        fail("ioctl TIOCGPTPEER");
    if (c->bare_lines) {
        if (tcgetattr(tty, &modes) < 0)
            fail("tcgetattr");
        modes.c_oflag &= ~(tcflag_t)ONLCR;
        if (tcsetattr(tty, TCSANOW, &modes) < 0)
            fail("tcsetattr");
    }
    if (c->rows != 0 && ioctl(tty, TIOCSWINSZ, &size) < 0)
        fail("ioctl TIOCSWINSZ");
    if (fchown(tty, (uid_t)c->uid, (gid_t)-1) < 0)
        fail("fchown");
    if (c->cover)
        cover_console(tty);
    report_with(WIRE_REPORT_CONSOLE, 0, host_side);
    for (int fd = 0; fd <= 2; fd++)
        if (dup2(tty, fd) < 0)
            fail("dup2");
    if (ioctl(0, TIOCSCTTY, 0) < 0)
        fail("ioctl TIOCSCTTY");
}
