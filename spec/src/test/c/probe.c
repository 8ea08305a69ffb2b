/*
 * Makes one system call and prints what came of it: `probe NUMBER [ARGUMENT...]`, numbers as strtoull(3) reads them.
 * An argument that begins with "/" is passed as it is. The answer is "ok", or the errno as a number.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    unsigned long a[7] = {0};
    for (int i = 1; i < argc && i < 8; i++)
        a[i - 1] = argv[i][0] == '/' ? (unsigned long)argv[i] : (unsigned long)strtoull(argv[i], NULL, 0);
    long result = syscall((long)a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    if (result < 0)
        printf("%d\n", errno);
    else
        puts("ok");
    return 0;
}
