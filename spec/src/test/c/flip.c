/* Swaps two names as fast as it can until it is killed: flip A B. A race needs an opponent who never sleeps. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
    unsigned long swaps = 0;
    if (argc != 3)
        return 2;
    for (;;) {
        if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], 2 /* RENAME_EXCHANGE */) != 0) {
            perror("renameat2");
            return 1;
        }
        if (++swaps == 1) { /* it is at work */
            puts("swapping");
            fflush(stdout);
        }
    }
}
