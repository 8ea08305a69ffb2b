/* Takes a write lease on a file and keeps it whoever asks for the file: an open that waits would wait for this. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char **args) {
    int file = count == 2 ? open(args[1], O_RDWR) : -1;
    signal(SIGIO, SIG_IGN);
    if (file < 0 || fcntl(file, F_SETLEASE, F_WRLCK) < 0) {
        perror("lease");
        return 1;
    }
    puts("leased");
    fflush(stdout);
    for (;;)
        pause();
}
