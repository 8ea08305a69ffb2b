package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import com.kenai.jffi.MemoryIO;
import dev.gantry.kernel.DevicePrograms;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.FileFacts;
import dev.gantry.kernel.FileMaker;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Message;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.Resolve;
import dev.gantry.kernel.Terminals;
import dev.gantry.wire.RawText;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The kernel of the machine. One instance serves the whole process; it holds nothing. */
public final class LinuxKernel implements Kernel {
    private static final int ALL_SEALS =
            Numbers.F_SEAL_SEAL | Numbers.F_SEAL_SHRINK | Numbers.F_SEAL_GROW | Numbers.F_SEAL_WRITE;
    private static final int MOST_FDS = 64;
    private static final int MOST_EVENTS = 64;

    private final LibC c = LibC.INSTANCE;

    private LinuxKernel() {}

    /**
     * Returns the kernel of the machine.
     *
     * @throws UnsatisfiedLinkError if the native part of JNR cannot be loaded here
     */
    public static LinuxKernel load() {
        return new LinuxKernel();
    }

    @Override
    public Fd open(String path, OpenFlag... flags) {
        return open(path, 0, OpenFlag.bits(flags));
    }

    @Override
    public Fd create(String path, int mode, OpenFlag... flags) {
        return open(path, mode, OpenFlag.bits(flags) | OpenFlag.CREAT.number());
    }

    private Fd open(String path, int mode, int flags) {
        try (Block name = Block.string(path)) {
            return own(call(c.open, path, name.address(), flags | OpenFlag.CLOEXEC.number(), mode), path);
        }
    }

    @Override
    public Fd openAt(Fd directory, String name, OpenFlag... flags) {
        return openBeneath(directory, name, 0, 0, OpenFlag.bits(flags));
    }

    @Override
    public Fd openBeneath(Fd root, String path, Resolve resolve, OpenFlag... flags) {
        return openBeneath(root, path, 0, resolve.bits(), OpenFlag.bits(flags));
    }

    @Override
    public Fd createBeneath(Fd root, String path, int mode, Resolve resolve, OpenFlag... flags) {
        return openBeneath(root, path, mode, resolve.bits(), OpenFlag.bits(flags) | OpenFlag.CREAT.number());
    }

    private Fd openBeneath(Fd root, String path, int mode, int resolve, int flags) {
        int size = Layouts.OPEN_HOW_SIZE;
        try (Block name = Block.string(path);
                Block how = Block.of(size)) {
            how.int64(0, flags | OpenFlag.CLOEXEC.number())
                    .int64(Layouts.OPEN_HOW_MODE, mode)
                    .int64(Layouts.OPEN_HOW_RESOLVE, resolve);
            return own(
                    call(c.openat2, path, Numbers.SYS_OPENAT2, root.number(), name.address(), how.address(), size),
                    path);
        }
    }

    @Override
    public FileFacts facts(Fd fd) {
        int wanted = Numbers.STATX_BASIC_STATS | Numbers.STATX_MNT_ID | Numbers.STATX_MNT_ID_UNIQUE;
        try (Block nothing = Block.string("");
                Block facts = Block.of(Layouts.STATX_SIZE)) {
            call(
                    c.statx,
                    fd,
                    Numbers.SYS_STATX,
                    fd.number(),
                    nothing.address(),
                    Numbers.AT_EMPTY_PATH,
                    wanted,
                    facts.address());
            long major = facts.int32(Layouts.STATX_DEV_MAJOR);
            return new FileFacts(
                    major << 32 | facts.int32(Layouts.STATX_DEV_MINOR),
                    facts.int64(Layouts.STATX_INO),
                    facts.int64(Layouts.STATX_MNT_ID),
                    facts.int16(Layouts.STATX_MODE),
                    facts.int32(Layouts.STATX_UID),
                    facts.int32(Layouts.STATX_GID));
        }
    }

    @Override
    public long fileSystemType(Fd fd) {
        try (Block facts = Block.of(Layouts.STATFS_SIZE)) {
            call(c.fstatfs, fd, fd.number(), facts.address());
            return facts.int64(0);
        }
    }

    @Override
    public String linkTarget(Fd link) {
        try (Block nothing = Block.string("");
                Block target = Block.of(Numbers.PATH_MAX)) {
            int length = call(c.readlinkat, link, link.number(), nothing.address(), target.address(), Numbers.PATH_MAX);
            return RawText.decode(target.bytes(length));
        }
    }

    @Override
    public OptionalLong nextData(Fd fd, long from) {
        try {
            return OptionalLong.of(LibC.callOffset(c.lseek, fd, fd.number(), from, Numbers.SEEK_DATA));
        } catch (KernelException e) {
            if (e.errno() == Errno.ENXIO) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    @Override
    public long nextHole(Fd fd, long from) {
        return LibC.callOffset(c.lseek, fd, fd.number(), from, Numbers.SEEK_HOLE);
    }

    @Override
    public int read(Fd fd, ByteBuffer direct) {
        int count = call(c.read, fd, fd.number(), address(direct), direct.remaining());
        direct.position(direct.position() + count);
        Reference.reachabilityFence(direct);
        return count;
    }

    @Override
    public int read(Fd fd, ByteBuffer direct, long position) {
        int count = call(c.pread, fd, fd.number(), address(direct), direct.remaining(), position);
        direct.position(direct.position() + count);
        Reference.reachabilityFence(direct);
        return count;
    }

    @Override
    public int write(Fd fd, ByteBuffer direct) {
        int count = call(c.write, fd, fd.number(), address(direct), direct.remaining());
        direct.position(direct.position() + count);
        Reference.reachabilityFence(direct);
        return count;
    }

    @Override
    public FdPair pipe() {
        try (Block pair = Block.of(8)) {
            call(c.pipe2, "", pair.address(), OpenFlag.CLOEXEC.number());
            return new FdPair(own(pair.int32(0), "pipe"), own(pair.int32(4), "pipe"));
        }
    }

    @Override
    public FdPair socketPair() {
        try (Block pair = Block.of(8)) {
            call(c.socketpair, "", Numbers.AF_UNIX, Numbers.SOCK_SEQPACKET | Numbers.SOCK_CLOEXEC, 0, pair.address());
            return new FdPair(own(pair.int32(0), "socket"), own(pair.int32(4), "socket"));
        }
    }

    @Override
    public Fd connect(String path) {
        try (Fd file = open(path, OpenFlag.PATH)) {
            return socket(Numbers.SOCK_STREAM, c.connect, path, nameOf(file));
        }
    }

    @Override
    public Fd datagramSocket(String path) {
        int slash = path.lastIndexOf('/');
        try (Fd directory = open(path.substring(0, slash + 1), OpenFlag.PATH)) {
            return socket(Numbers.SOCK_DGRAM, c.bind, path, nameOf(directory) + path.substring(slash));
        }
    }

    @Override
    public Fd datagramsTo(String address) {
        if (address.startsWith("@")) {
            return socket(Numbers.SOCK_DGRAM, c.connect, address, "\0" + address.substring(1));
        }
        try (Fd file = open(address, OpenFlag.PATH)) {
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
            Fd socket = own(call(c.socket, shown, Numbers.AF_UNIX, type | Numbers.SOCK_CLOEXEC, 0), shown);
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
            time.int64(0, SEND_SECONDS);
            int size = Layouts.TIMEVAL_SIZE;
            call(c.setsockopt, socket, socket.number(), Numbers.SOL_SOCKET, Numbers.SO_SNDTIMEO, time.address(), size);
        }
    }

    @Override
    public Fd sealedMemory(String name, ByteBuffer content, boolean executable) {
        Fd file = memoryFile(name, executable ? Numbers.MFD_EXEC : Numbers.MFD_NOEXEC_SEAL);
        try {
            while (content.hasRemaining()) {
                write(file, content);
            }
            call(c.fcntl, file, file.number(), Numbers.F_ADD_SEALS, ALL_SEALS);
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private Fd memoryFile(String name, int kind) {
        try (Block label = Block.string(name)) {
            int flags = Numbers.MFD_CLOEXEC | Numbers.MFD_ALLOW_SEALING;
            try {
                return own(call(c.memfdCreate, name, label.address(), flags | kind), name);
            } catch (KernelException e) { // before Linux 6.3 there was but one kind
                return own(call(c.memfdCreate, name, label.address(), flags), name);
            }
        }
    }

    @Override
    public void makeDirectory(String path, int mode) {
        try (Block name = Block.string(path)) {
            call(c.mkdir, path, name.address(), mode);
        }
    }

    @Override
    public void removeDirectory(String path) {
        try (Block name = Block.string(path)) {
            call(c.rmdir, path, name.address());
        }
    }

    @Override
    public FileMaker fileMaker() {
        return new LinuxFileMaker();
    }

    @Override
    public FileMaker fileMakerAs(int uid, int gid) {
        return new LinuxFileMaker.As(uid, gid);
    }

    @Override
    public void makeFifo(String path, int mode) {
        try (Block name = Block.string(path)) {
            call(c.mkfifo, path, name.address(), mode);
        }
    }

    @Override
    public void lock(Fd fd) {
        call(c.flock, fd, fd.number(), Numbers.LOCK_EX);
    }

    @Override
    public boolean tryLock(Fd fd) {
        try {
            call(c.flock, fd, fd.number(), Numbers.LOCK_EX | Numbers.LOCK_NB);
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public int spawn(String program, List<String> args, boolean inEnvironment, Fd socket, int as) {
        List<Block> strings = args.stream().map(Block::string).toList();
        try (Block path = Block.string(program);
                Block pid = Block.of(4);
                Block argv = Block.of(8L * (args.size() + 1));
                Block environment = inEnvironment ? CallerEnvironment.table(c.environment()) : Block.of(8);
                Block actions = Block.of(Layouts.SPAWN_ACTIONS_ROOM)) {
            for (int i = 0; i < strings.size(); i++) {
                argv.int64(8 * i, strings.get(i).address());
            }
            checkNumber("posix_spawn_file_actions_init", program, call(c.spawnActionsInit, program, actions.address()));
            try {
                checkNumber(
                        "posix_spawn_file_actions_adddup2",
                        program,
                        call(c.spawnActionsAddDup2, program, actions.address(), socket.number(), as));
                checkNumber(
                        "posix_spawn",
                        program,
                        call(
                                c.posixSpawn,
                                program,
                                pid.address(),
                                path.address(),
                                actions.address(),
                                0,
                                argv.address(),
                                environment.address()));
            } finally {
                call(c.spawnActionsDestroy, program, actions.address());
            }
            return pid.int32(0);
        } finally {
            strings.forEach(Block::close);
        }
    }

    /** The functions of posix_spawn(3) return the error's number and leave errno alone. */
    private static void checkNumber(String call, String argument, int error) {
        if (error != 0) {
            throw new KernelException(call, argument, Errno.of(error));
        }
    }

    @Override
    public void send(Fd socket, ByteBuffer direct, List<Fd> fds) {
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

    @Override
    public Message receive(Fd socket, int size) {
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
                    fds.add(own(control.int32(at), "received"));
                }
            }
            return new Message(bytes.limit(count), fds);
        }
    }

    private static Block vector(ByteBuffer direct) {
        return Block.of(Layouts.IOVEC_SIZE).int64(0, address(direct)).int64(Layouts.IOVEC_LEN, direct.remaining());
    }

    @Override
    public ExitStatus waitFor(int pid) {
        try (Block status = Block.of(4)) {
            call(c.waitpid, pid, pid, status.address(), 0);
            int word = status.int32(0);
            int signal = word & 0x7f;
            return signal == 0 ? new ExitStatus(word >> 8 & 0xff, 0) : new ExitStatus(-1, signal);
        }
    }

    @Override
    public Optional<ExitStatus> reap(Fd pidfd) {
        try (Block info = Block.of(Layouts.SIGINFO_SIZE)) {
            call(c.waitid, pidfd, Numbers.P_PIDFD, pidfd.number(), info.address(), Numbers.WEXITED | Numbers.WNOHANG);
            if (info.int32(Layouts.SIGINFO_PID) == 0) {
                return Optional.empty();
            }
            int status = info.int32(Layouts.SIGINFO_STATUS);
            boolean exited = info.int32(Layouts.SIGINFO_CODE) == Numbers.CLD_EXITED;
            return Optional.of(exited ? new ExitStatus(status, 0) : new ExitStatus(-1, status));
        }
    }

    @Override
    public Fd pidfd(int pid) {
        try {
            return own(call(c.pidfdOpen, pid, Numbers.SYS_PIDFD_OPEN, pid, 0), "pidfd of " + pid);
        } catch (KernelException e) {
            // what older kernels say of a process that is gone while its id is still that of a group or session
            throw e.errno() == Errno.EINVAL ? new KernelException(e.call(), "" + pid, Errno.ESRCH) : e;
        }
    }

    @Override
    public Fd copyFrom(Fd pidfd, int number) {
        String what = "descriptor %d of %s".formatted(number, pidfd);
        return own(call(c.pidfdGetfd, what, Numbers.SYS_PIDFD_GETFD, pidfd.number(), number, 0), what);
    }

    @Override
    public void signal(Fd pidfd, int signal) {
        call(c.pidfdSendSignal, pidfd, Numbers.SYS_PIDFD_SEND_SIGNAL, pidfd.number(), signal, 0, 0);
    }

    @Override
    public void kill(int pid, int signal) {
        call(c.kill, pid, pid, signal);
    }

    @Override
    public int[] poll(List<Fd> fds, int[] events, int timeoutMillis) {
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

    @Override
    public Fd epoll() {
        return own(call(c.epollCreate1, "", Numbers.EPOLL_CLOEXEC), "epoll");
    }

    @Override
    public void epollAdd(Fd epoll, Fd fd, int events, long token) {
        try (Block event = Block.of(Layouts.EPOLL_EVENT_SIZE)) {
            event.int32(0, events).int64(Layouts.EPOLL_EVENT_DATA, token);
            call(c.epollCtl, fd, epoll.number(), Numbers.EPOLL_CTL_ADD, fd.number(), event.address());
        }
    }

    @Override
    public long[] epollWait(Fd epoll) {
        try (Block events = Block.of((long) Layouts.EPOLL_EVENT_SIZE * MOST_EVENTS)) {
            long[] tokens = new long[call(c.epollWait, epoll, epoll.number(), events.address(), MOST_EVENTS, -1)];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = events.int64(Layouts.EPOLL_EVENT_SIZE * i + Layouts.EPOLL_EVENT_DATA);
            }
            return tokens;
        }
    }

    @Override
    public Fd eventFd() {
        return own(call(c.eventfd, "", 0, Numbers.EFD_CLOEXEC | Numbers.EFD_NONBLOCK), "eventfd");
    }

    @Override
    public void wake(Fd eventFd) {
        try (Block one = Block.of(8).int64(0, 1)) {
            call(c.write, eventFd, eventFd.number(), one.address(), 8);
        }
    }

    @Override
    public void setBlocking(Fd fd, boolean blocks) {
        try (Block nonBlocking = Block.of(4).int32(0, blocks ? 0 : 1)) {
            call(c.ioctl, fd, fd.number(), Numbers.FIONBIO, nonBlocking.address());
        }
    }

    @Override
    public Terminals terminals() {
        return new LinuxTerminals();
    }

    @Override
    public DevicePrograms devicePrograms() {
        return new LinuxDevicePrograms();
    }

    @Override
    public int effectiveUid() {
        return call(c.geteuid, "");
    }

    @Override
    public int effectiveGid() {
        return call(c.getegid, "");
    }

    @Override
    public int landlockVersion() {
        try {
            return call(
                    c.landlockCreateRuleset,
                    "version",
                    Numbers.SYS_LANDLOCK_CREATE_RULESET,
                    0,
                    0,
                    Numbers.LANDLOCK_CREATE_RULESET_VERSION);
        } catch (KernelException e) {
            return 0; // ENOSYS: not built in; EOPNOTSUPP: not among the modules that were booted with
        }
    }

    private Fd own(int number, String what) {
        return new Fd(number, what, c::close);
    }

    private static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("the buffer must be direct");
        }
        return MemoryIO.getInstance().getDirectBufferAddress(direct) + direct.position();
    }
}
