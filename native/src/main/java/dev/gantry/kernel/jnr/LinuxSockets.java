package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Message;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.wire.RawText;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Calls about unix sockets and what goes through them. */
final class LinuxSockets {
    private static final int MOST_FDS = 64;

    private final LibC c = LibC.INSTANCE;
    private final LinuxFiles files;

    LinuxSockets(LinuxFiles files) {
        this.files = files;
    }

    FdPair socketPair() {
        try (Block pair = Block.of(8)) {
            call(c.socketpair, "", Numbers.AF_UNIX, Numbers.SOCK_SEQPACKET | Numbers.SOCK_CLOEXEC, 0, pair.address());
            return new FdPair(c.own(pair.int32(0), "socket"), c.own(pair.int32(4), "socket"));
        }
    }

    Fd connect(String path) {
        try (Fd file = files.open(path, OpenFlag.PATH)) {
            return socket(Numbers.SOCK_STREAM, c.connect, path, nameOf(file));
        }
    }

    Fd datagramSocket(String path) {
        int slash = path.lastIndexOf('/');
        try (Fd directory = files.open(path.substring(0, slash + 1), OpenFlag.PATH)) {
            return socket(Numbers.SOCK_DGRAM, c.bind, path, nameOf(directory) + path.substring(slash));
        }
    }

    Fd datagramsTo(String address) {
        if (address.startsWith("@")) {
            return socket(Numbers.SOCK_DGRAM, c.connect, address, "\0" + address.substring(1));
        }
        try (Fd file = files.open(address, OpenFlag.PATH)) {
            return socket(Numbers.SOCK_DGRAM, c.connect, address, nameOf(file));
        }
    }

    /** Names an open file by a path that fits into an address, which has room for 107 bytes. */
    private static String nameOf(Fd file) {
        return "/proc/self/fd/" + file.number();
    }

    /** Makes a unix socket and gives it its own or its peer's name, of which a NUL at the end is no part. */
    private Fd socket(int type, LibC.Function naming, String shown, String name) {
        byte[] bytes = RawText.encode(name);
        if (bytes.length > Layouts.SOCKADDR_UN_SIZE - Layouts.SOCKADDR_UN_PATH - 1) {
            throw new KernelException(naming.name(), shown, Errno.ENAMETOOLONG);
        }
        try (Block address = Block.of(Layouts.SOCKADDR_UN_SIZE)) {
            address.int16(0, Numbers.AF_UNIX).bytes(Layouts.SOCKADDR_UN_PATH, bytes);
            Fd socket = c.own(call(c.socket, shown, Numbers.AF_UNIX, type | Numbers.SOCK_CLOEXEC, 0), shown);
            try {
                limitSending(socket);
                call(naming, shown, socket.number(), address.address(), Layouts.SOCKADDR_UN_PATH + bytes.length);
                return socket;
            } catch (KernelException e) {
                socket.close();
                throw e;
            }
        }
    }

    /** Also limits connecting, socket(7). */
    private void limitSending(Fd socket) {
        try (Block time = Block.of(Layouts.TIMEVAL_SIZE)) {
            time.int64(0, Kernel.SEND_SECONDS);
            int size = Layouts.TIMEVAL_SIZE;
            call(c.setsockopt, socket, socket.number(), Numbers.SOL_SOCKET, Numbers.SO_SNDTIMEO, time.address(), size);
        }
    }

    void send(Fd socket, ByteBuffer direct, List<Fd> fds) {
        int controlBytes = Layouts.CMSGHDR_SIZE + 4 * fds.size();
        try (Block message = Block.of(Layouts.MSGHDR_SIZE);
                Block vector = vector(direct);
                Block control = Block.of(controlBytes + 8L)) {
            message.int64(Layouts.MSGHDR_IOV, vector.address()).int64(Layouts.MSGHDR_IOVLEN, 1);
            if (!fds.isEmpty()) {
                control.int64(0, controlBytes)
                        .int32(Layouts.CMSGHDR_LEVEL, Numbers.SOL_SOCKET)
                        .int32(Layouts.CMSGHDR_TYPE, Numbers.SCM_RIGHTS);
                for (int i = 0; i < fds.size(); i++) {
                    control.int32(Layouts.CMSGHDR_SIZE + 4 * i, fds.get(i).number());
                }
                message.int64(Layouts.MSGHDR_CONTROL, control.address())
                        .int64(Layouts.MSGHDR_CONTROLLEN, (controlBytes + 7L) / 8 * 8);
            }
            call(c.sendmsg, socket, socket.number(), message.address(), Numbers.MSG_NOSIGNAL);
            Reference.reachabilityFence(direct);
        }
    }

    Message receive(Fd socket, int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size);
        int controlBytes = Layouts.CMSGHDR_SIZE + 4 * MOST_FDS;
        try (Block message = Block.of(Layouts.MSGHDR_SIZE);
                Block vector = vector(bytes);
                Block control = Block.of(controlBytes)) {
            message.int64(Layouts.MSGHDR_IOV, vector.address())
                    .int64(Layouts.MSGHDR_IOVLEN, 1)
                    .int64(Layouts.MSGHDR_CONTROL, control.address())
                    .int64(Layouts.MSGHDR_CONTROLLEN, controlBytes);
            int count = call(c.recvmsg, socket, socket.number(), message.address(), Numbers.MSG_CMSG_CLOEXEC);
            List<Fd> fds = new ArrayList<>();
            if (message.int64(Layouts.MSGHDR_CONTROLLEN) >= Layouts.CMSGHDR_SIZE
                    && control.int32(Layouts.CMSGHDR_TYPE) == Numbers.SCM_RIGHTS) {
                for (int at = Layouts.CMSGHDR_SIZE; at < control.int64(0); at += 4) {
                    fds.add(c.own(control.int32(at), "received"));
                }
            }
            return new Message(bytes.limit(count), fds);
        }
    }

    private static Block vector(ByteBuffer direct) {
        return Block.of(Layouts.IOVEC_SIZE)
                .int64(0, Block.address(direct))
                .int64(Layouts.IOVEC_LEN, direct.remaining());
    }
}
