package dev.gantry.kernel;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The calls for TCP over IPv4, tcp(7). As for {@link Kernel}: any thread, and {@link KernelException}. No socket of
 * these blocks: reading and writing fail with {@code EAGAIN} where they would.
 */
public interface TcpSockets {
    /** Returns 127.0.0.1. */
    static Inet4Address loopback() {
        try {
            return (Inet4Address) InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // four bytes are an address
        }
    }

    /**
     * Makes a socket that listens on an address of this machine.
     *
     * @param port 0 for one that is free
     * @throws KernelException {@code EADDRINUSE} if another listens there, {@code EACCES} if this process may not
     */
    Fd listen(Inet4Address address, int port);

    /** Returns the port that a socket listens on. */
    int portOf(Fd listener);

    /** Takes a connection; empty if there is none now. */
    Optional<Fd> accept(Fd listener);

    /**
     * Begins to connect a socket, in whichever network namespace it was made; it is connected when it can be written
     * to, and reading from it fails if it could not be.
     *
     * @throws KernelException {@code ECONNREFUSED} if it is known at once that nobody listens there
     */
    void connect(Fd socket, Inet4Address address, int port);

    /** Lets closing a socket reset its connection: the peer learns that what came is not all. */
    void resetOnClose(Fd socket);

    /** Says to the peer that nothing more comes; it may still send. */
    void endSending(Fd socket);
}
