/*
 * A TCP service on a port of all addresses: it sends back what comes, and a dot when its peer has said that it sends no
 * more. With a second argument it resets each connection at the first byte. A process for each connection.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int answer(int peer, int resets) {
    static char bytes[65536];
    struct linger at_once = {.l_onoff = 1};
    for (;;) {
        ssize_t got = read(peer, bytes, sizeof bytes);
        if (got < 0)
            return 1;
        if (resets)
            return setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0;
        if (got == 0)
            return write(peer, ".", 1) != 1;
        for (ssize_t sent = 0, n; sent < got; sent += n)
            if ((n = write(peer, bytes + sent, (size_t)(got - sent))) < 0)
                return 1;
    }
}

int main(int argc, char **argv) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in all = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argc > 1 ? argv[1] : "0"))};
    signal(SIGCHLD, SIG_IGN);
    if (bind(listener, (struct sockaddr *)&all, sizeof all) < 0 || listen(listener, 1024) < 0)
        return 1;
    for (;;) {
        int peer = accept(listener, NULL, NULL);
        if (fork() == 0)
            return answer(peer, argc > 2);
        close(peer);
    }
}
