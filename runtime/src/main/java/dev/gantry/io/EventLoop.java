package dev.gantry.io;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

/**
 * Waits for any number of descriptors on one thread, epoll(7), which starts with the first of them. Thread-safe.
 *
 * @param <T> what a descriptor stands for; it and the descriptor stay the caller's
 */
final class EventLoop<T> implements AutoCloseable {
    private static final long STOP = 0;

    private final Kernel kernel;
    private final String name;
    private final ObjLongConsumer<T> ready;
    private final AtomicLong tokens = new AtomicLong(STOP + 1);
    private final Map<Long, T> sources = new ConcurrentHashMap<>();
    private Fd epoll;
    private Fd stop;
    private Thread thread;
    private boolean closed;

    /**
     * Prepares a loop.
     *
     * @param name of its thread
     * @param ready called on that thread, with the token of {@link #add}, whenever a descriptor is ready
     */
    EventLoop(Kernel kernel, String name, ObjLongConsumer<T> ready) {
        this.kernel = kernel;
        this.name = name;
        this.ready = ready;
    }

    /** Waits for poll events of a descriptor, from now until it is closed; returns a token for {@link #remove}. */
    synchronized long add(T source, Fd fd, int events) {
        if (thread == null) {
            epoll = kernel.epoll();
            stop = kernel.eventFd();
            kernel.epollAdd(epoll, stop, Kernel.POLLIN, STOP);
            thread = new Thread(this::loop, name);
            thread.setDaemon(true);
            thread.start();
        }
        long token = tokens.getAndIncrement();
        sources.put(token, source);
        kernel.epollAdd(epoll, fd, events, token);
        return token;
    }

    /** Forgets a source and returns it; null if that was done before. */
    T remove(long token) {
        return sources.remove(token);
    }

    /** Forgets sources. */
    void removeIf(Predicate<T> unwanted) {
        sources.values().removeIf(unwanted);
    }

    /** Returns the sources that were not removed. */
    List<T> sources() {
        return List.copyOf(sources.values());
    }

    private void loop() {
        for (; ; ) {
            for (long token : kernel.epollWait(epoll)) {
                if (token == STOP) {
                    return;
                }
                T source = sources.get(token);
                if (source != null) {
                    ready.accept(source, token);
                }
            }
        }
    }

    /** Ends the thread once it is done with what it is at. */
    @Override
    public synchronized void close() {
        if (thread == null || closed) {
            return;
        }
        closed = true;
        kernel.wake(stop);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        epoll.close();
        stop.close();
    }
}
