package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.TcpSockets;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Makes the calls. */
final class LinuxTcpSockets implements TcpSockets {
    private static final int KIND = Numbers.SOCK_STREAM | Numbers.SOCK_CLOEXEC | Numbers.SOCK_NONBLOCK;

    private final LibC c = LibC.INSTANCE;

    @Override
    public Fd listen(Inet4Address address, int port) {
        String shown = shown(address, port);
        Fd socket = c.own(call(c.socket, shown, Numbers.AF_INET, KIND, 0), shown);
        try (Block name = name(address, port);
                Block yes = Block.of(4).int32(0, 1)) {
            int number = socket.number();
            call(c.setsockopt, shown, number, Numbers.SOL_SOCKET, Numbers.SO_REUSEADDR, yes.address(), 4);
            call(c.bind, shown, number, name.address(), Layouts.SOCKADDR_IN_SIZE);
            call(c.listen, shown, number, Numbers.SOMAXCONN);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int portOf(Fd listener) {
        try (Block name = Block.of(Layouts.SOCKADDR_IN_SIZE);
                Block size = Block.of(4).int32(0, Layouts.SOCKADDR_IN_SIZE)) {
            call(c.getsockname, listener, listener.number(), name.address(), size.address());
            byte[] port = name.bytes(Layouts.SOCKADDR_IN_ADDR);
            return Short.toUnsignedInt(ByteBuffer.wrap(port).getShort(Layouts.SOCKADDR_IN_PORT));
        }
    }

    @Override
    public Optional<Fd> accept(Fd listener) {
        int flags = Numbers.SOCK_CLOEXEC | Numbers.SOCK_NONBLOCK;
        try {
            return Optional.of(c.own(call(c.accept4, listener, listener.number(), 0, 0, flags), "connection"));
        } catch (KernelException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.ECONNABORTED) { // its peer has given up meanwhile
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void connect(Fd socket, Inet4Address address, int port) {
        try (Block name = name(address, port);
                Block yes = Block.of(4).int32(0, 1)) {
            call(c.ioctl, socket, socket.number(), Numbers.FIONBIO, yes.address());
            call(c.connect, shown(address, port), socket.number(), name.address(), Layouts.SOCKADDR_IN_SIZE);
        } catch (KernelException e) {
            if (e.errno() != Errno.EINPROGRESS) {
                throw e;
            }
        }
    }

    @Override
    public void resetOnClose(Fd socket) {
        try (Block linger = Block.of(Layouts.LINGER_SIZE).int32(0, 1)) {
            int size = Layouts.LINGER_SIZE;
            call(c.setsockopt, socket, socket.number(), Numbers.SOL_SOCKET, Numbers.SO_LINGER, linger.address(), size);
        }
    }

    @Override
    public void endSending(Fd socket) {
        call(c.shutdown, socket, socket.number(), Numbers.SHUT_WR);
    }

    private static String shown(Inet4Address address, int port) {
        return address.getHostAddress() + ":" + port;
    }

    /** A port and an address travel in network byte order. */
    private static Block name(Inet4Address address, int port) {
        byte[] tail = ByteBuffer.allocate(6)
                .putShort((short) port)
                .put(address.getAddress())
                .array();
        return Block.of(Layouts.SOCKADDR_IN_SIZE).int16(0, Numbers.AF_INET).bytes(Layouts.SOCKADDR_IN_PORT, tail);
    }
}
