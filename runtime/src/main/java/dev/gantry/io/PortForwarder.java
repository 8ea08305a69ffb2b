package dev.gantry.io;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.TcpSockets;
import dev.gantry.value.ForwardedPort;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Passes on the connections to one port of this machine, on one thread of its own. A connection for which no socket can
 * be had, or that nobody in the container accepts, is reset.
 */
public final class PortForwarder implements ForwardedPort {
    private static final int SCRATCH_BYTES = 256 * 1024;
    private static final int PAUSE_MILLIS = 100;

    private final Kernel kernel;
    private final TcpSockets tcp;
    private final int containerPort;
    private final int hostPort;
    private final Supplier<Fd> sockets;
    private final Runnable atEnd;
    private final Fd listener;
    private final Fd stop;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final List<PortConnection> connections = new ArrayList<>();
    private final Thread thread;
    private boolean isClosed;

    /**
     * Begins to listen.
     *
     * @param from an IPv4 address of this machine, and a port or 0 for one that is free
     * @param sockets gives a socket in the container's network namespace for each connection, on the thread of
     *     this; throws {@link ContainerException} or {@link KernelException} if there is none
     * @param atEnd called on the forwarder's thread as its last act
     * @throws ContainerException if it cannot listen there
     */
    public PortForwarder(
            Kernel kernel, InetSocketAddress from, int containerPort, Supplier<Fd> sockets, Runnable atEnd) {
        this.kernel = kernel;
        this.tcp = kernel.tcp();
        this.containerPort = containerPort;
        this.sockets = sockets;
        this.atEnd = atEnd;
        this.listener = listen(from);
        try {
            this.hostPort = tcp.portOf(listener);
            this.stop = kernel.eventFd();
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
        this.thread = new Thread(this::loop, "gantry-port-" + containerPort);
        thread.setDaemon(true);
        thread.start();
    }

    private Fd listen(InetSocketAddress from) {
        try {
            return tcp.listen((Inet4Address) from.getAddress(), from.getPort());
        } catch (KernelException e) {
            String hint = e.errno() == Errno.EADDRINUSE ? "another program has that port; take a free one" : null;
            String message = "forward to port %d: %s".formatted(containerPort, e.getMessage());
            throw new ContainerException(ErrorKind.KERNEL, message, hint, e);
        }
    }

    @Override
    public int hostPort() {
        return hostPort;
    }

    @Override
    public int containerPort() {
        return containerPort;
    }

    private void loop() {
        try {
            boolean accepts = true;
            for (; ; ) {
                List<Fd> fds = new ArrayList<>(List.of(stop, listener));
                List<Integer> events = new ArrayList<>(List.of(Kernel.POLLIN, accepts ? Kernel.POLLIN : 0));
                connections.forEach(connection -> connection.want(fds, events));
                int[] ready = kernel.poll(
                        fds, events.stream().mapToInt(Integer::intValue).toArray(), accepts ? -1 : PAUSE_MILLIS);
                if (ready[0] != 0) {
                    return;
                }
                connections.removeIf(connection -> !connection.pass(ready, scratch));
                accepts = ready[1] == 0 || accept();
            }
        } finally {
            connections.forEach(PortConnection::close);
            listener.close();
            atEnd.run();
        }
    }

    /** Returns whether that was possible; with too many files open it is not for a while. */
    private boolean accept() {
        try {
            tcp.accept(listener).ifPresent(this::connect);
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    private void connect(Fd client) {
        Fd service = null;
        try {
            service = sockets.get();
            tcp.connect(service, TcpSockets.loopback(), containerPort);
            connections.add(new PortConnection(kernel, client, service));
        } catch (ContainerException | KernelException e) {
            tcp.resetOnClose(client);
            client.close();
            if (service != null) {
                service.close();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        kernel.wake(stop);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop.close();
    }
}
