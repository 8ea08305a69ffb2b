package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Fd;
import java.util.List;

/** Calls that wait for descriptors, and those that end the waiting. */
final class LinuxEvents {
    private static final int MOST_EVENTS = 64;

    private final LibC c = LibC.INSTANCE;

    int[] poll(List<Fd> fds, int[] events, int timeoutMillis) {
        try (Block table = Block.of((long) Layouts.POLLFD_SIZE * fds.size())) {
            for (int i = 0; i < fds.size(); i++) {
                table.int32(Layouts.POLLFD_SIZE * i, fds.get(i).number())
                        .int16(Layouts.POLLFD_SIZE * i + Layouts.POLLFD_EVENTS, events[i]);
            }
            call(c.poll, fds, table.address(), fds.size(), timeoutMillis);
            int[] ready = new int[fds.size()];
            for (int i = 0; i < ready.length; i++) {
                ready[i] = table.int16(Layouts.POLLFD_SIZE * i + Layouts.POLLFD_REVENTS);
            }
            return ready;
        }
    }

    Fd epoll() {
        return c.own(call(c.epollCreate1, "", Numbers.EPOLL_CLOEXEC), "epoll");
    }

    void epollAdd(Fd epoll, Fd fd, int events, long token) {
        try (Block event = Block.of(Layouts.EPOLL_EVENT_SIZE)) {
            event.int32(0, events).int64(Layouts.EPOLL_EVENT_DATA, token);
            call(c.epollCtl, fd, epoll.number(), Numbers.EPOLL_CTL_ADD, fd.number(), event.address());
        }
    }

    long[] epollWait(Fd epoll) {
        try (Block events = Block.of((long) Layouts.EPOLL_EVENT_SIZE * MOST_EVENTS)) {
            long[] tokens = new long[call(c.epollWait, epoll, epoll.number(), events.address(), MOST_EVENTS, -1)];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = events.int64(Layouts.EPOLL_EVENT_SIZE * i + Layouts.EPOLL_EVENT_DATA);
            }
            return tokens;
        }
    }

    Fd eventFd() {
        return c.own(call(c.eventfd, "", 0, Numbers.EFD_CLOEXEC | Numbers.EFD_NONBLOCK), "eventfd");
    }

    void wake(Fd eventFd) {
        try (Block one = Block.of(8).int64(0, 1)) {
            call(c.write, eventFd, eventFd.number(), one.address(), 8);
        }
    }
}
