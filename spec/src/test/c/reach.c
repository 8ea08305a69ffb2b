/* Says of each path what becomes of an attempt to reach who listens there: at a socket, or at a fifo's other end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *try(const char *path) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    struct stat info;
    if (lstat(path, &info) < 0)
        return strerror(errno);
    if (S_ISFIFO(info.st_mode))
        return open(path, O_WRONLY | O_NONBLOCK) < 0 ? strerror(errno) : "reached";
    snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    return connect(client, (struct sockaddr *)&name, sizeof name) < 0 ? strerror(errno) : "reached";
}

int main(int count, char **paths) {
    for (int i = 1; i < count; i++)
        printf("%s\n", try(paths[i]));
    return 0;
}
