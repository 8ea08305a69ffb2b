package dev.gantry.runtime;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Passes on what any number of containers write, on one thread, which starts with the first of them. */
final class OutputPump implements AutoCloseable {
    private static final long STOP = 0;

    private final Kernel kernel;
    private final AtomicLong tokens = new AtomicLong(STOP + 1);
    private final Map<Long, ContainerOutput> outputs = new ConcurrentHashMap<>();
    private Fd epoll;
    private Fd stop;
    private Thread thread;

    OutputPump(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Makes an output whose receivers stay the caller's and are written to on the pump's thread. */
    synchronized ContainerOutput open(OutputStream out, OutputStream err) {
        if (thread == null) {
            epoll = kernel.epoll();
            stop = kernel.eventFd();
            kernel.epollAdd(epoll, stop, Kernel.POLLIN, STOP);
            thread = new Thread(this::loop, "gantry-output");
            thread.setDaemon(true);
            thread.start();
        }
        outputs.values().removeIf(ContainerOutput::isDone);
        ContainerOutput output = new ContainerOutput(kernel, out, err);
        for (Fd end : new Fd[] {output.outEnd(), output.errEnd()}) {
            long token = tokens.getAndIncrement();
            outputs.put(token, output);
            kernel.epollAdd(epoll, end, Kernel.POLLIN, token);
        }
        return output;
    }

    private void loop() {
        for (; ; ) {
            for (long token : kernel.epollWait(epoll)) {
                if (token == STOP) {
                    return;
                }
                ContainerOutput output = outputs.get(token);
                if (output != null) {
                    output.drain();
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        if (thread == null) {
            return;
        }
        kernel.wake(stop);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outputs.values().forEach(ContainerOutput::close);
        epoll.close();
        stop.close();
    }
}
