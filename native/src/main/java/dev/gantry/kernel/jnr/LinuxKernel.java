package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.DevicePrograms;
import dev.gantry.kernel.Entries;
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
import dev.gantry.kernel.TcpSockets;
import dev.gantry.kernel.Terminals;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The kernel of the machine. One instance serves the whole process; it holds nothing. */
public final class LinuxKernel implements Kernel {
    private final LibC c = LibC.INSTANCE;
    private final LinuxFiles files = new LinuxFiles();
    private final LinuxSockets sockets = new LinuxSockets(files);
    private final LinuxProcesses processes = new LinuxProcesses();
    private final LinuxEvents waiting = new LinuxEvents();

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
        return files.open(path, flags);
    }

    @Override
    public Fd create(String path, int mode, OpenFlag... flags) {
        return files.create(path, mode, flags);
    }

    @Override
    public Fd openAt(Fd directory, String name, OpenFlag... flags) {
        return files.openAt(directory, name, flags);
    }

    @Override
    public Fd openBeneath(Fd root, String path, Resolve resolve, OpenFlag... flags) {
        return files.openBeneath(root, path, resolve, flags);
    }

    @Override
    public Fd createBeneath(Fd root, String path, int mode, Resolve resolve, OpenFlag... flags) {
        return files.createBeneath(root, path, mode, resolve, flags);
    }

    @Override
    public FileFacts facts(Fd fd) {
        return files.facts(fd);
    }

    @Override
    public long fileSystemType(Fd fd) {
        return files.fileSystemType(fd);
    }

    @Override
    public String linkTarget(Fd link) {
        return files.linkTarget(link);
    }

    @Override
    public OptionalLong nextData(Fd fd, long from) {
        return files.nextData(fd, from);
    }

    @Override
    public long nextHole(Fd fd, long from) {
        return files.nextHole(fd, from);
    }

    @Override
    public int read(Fd fd, ByteBuffer direct) {
        return files.read(fd, direct);
    }

    @Override
    public int read(Fd fd, ByteBuffer direct, long position) {
        return files.read(fd, direct, position);
    }

    @Override
    public int write(Fd fd, ByteBuffer direct) {
        return files.write(fd, direct);
    }

    @Override
    public FdPair pipe() {
        return files.pipe();
    }

    @Override
    public FdPair socketPair() {
        return sockets.socketPair();
    }

    @Override
    public Fd connect(String path) {
        return sockets.connect(path);
    }

    @Override
    public Fd datagramSocket(String path) {
        return sockets.datagramSocket(path);
    }

    @Override
    public Fd datagramsTo(String address) {
        return sockets.datagramsTo(address);
    }

    @Override
    public Fd sealedMemory(String name, ByteBuffer content, boolean executable) {
        return files.sealedMemory(name, content, executable);
    }

    @Override
    public void makeDirectory(String path, int mode) {
        files.makeDirectory(path, mode);
    }

    @Override
    public void removeDirectory(String path) {
        files.removeDirectory(path);
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
    public Entries entries() {
        return new LinuxEntries();
    }

    @Override
    public void makeFifo(String path, int mode) {
        files.makeFifo(path, mode);
    }

    @Override
    public void lock(Fd fd) {
        files.lock(fd);
    }

    @Override
    public void lockShared(Fd fd) {
        files.lockShared(fd);
    }

    @Override
    public boolean tryLock(Fd fd) {
        return files.tryLock(fd);
    }

    @Override
    public int spawn(String program, List<String> args, boolean inEnvironment, Fd socket, int as) {
        return processes.spawn(program, args, inEnvironment, socket, as);
    }

    @Override
    public void send(Fd socket, ByteBuffer direct, List<Fd> fds) {
        sockets.send(socket, direct, fds);
    }

    @Override
    public Message receive(Fd socket, int size) {
        return sockets.receive(socket, size);
    }

    @Override
    public ExitStatus waitFor(int pid) {
        return processes.waitFor(pid);
    }

    @Override
    public Optional<ExitStatus> reap(Fd pidfd) {
        return processes.reap(pidfd);
    }

    @Override
    public Fd pidfd(int pid) {
        return processes.pidfd(pid);
    }

    @Override
    public Fd copyFrom(Fd pidfd, int number) {
        return processes.copyFrom(pidfd, number);
    }

    @Override
    public void signal(Fd pidfd, int signal) {
        processes.signal(pidfd, signal);
    }

    @Override
    public void kill(int pid, int signal) {
        processes.kill(pid, signal);
    }

    @Override
    public int[] poll(List<Fd> fds, int[] events, int timeoutMillis) {
        return waiting.poll(fds, events, timeoutMillis);
    }

    @Override
    public Fd epoll() {
        return waiting.epoll();
    }

    @Override
    public void epollAdd(Fd epoll, Fd fd, int events, long token) {
        waiting.epollAdd(epoll, fd, events, token);
    }

    @Override
    public long[] epollWait(Fd epoll) {
        return waiting.epollWait(epoll);
    }

    @Override
    public Fd eventFd() {
        return waiting.eventFd();
    }

    @Override
    public void wake(Fd eventFd) {
        waiting.wake(eventFd);
    }

    @Override
    public void setBlocking(Fd fd, boolean blocks) {
        files.setBlocking(fd, blocks);
    }

    @Override
    public Terminals terminals() {
        return new LinuxTerminals();
    }

    @Override
    public TcpSockets tcp() {
        return new LinuxTcpSockets();
    }

    @Override
    public DevicePrograms devicePrograms() {
        return new LinuxDevicePrograms();
    }

    @Override
    public int effectiveUid() {
        return processes.effectiveUid();
    }

    @Override
    public int effectiveGid() {
        return processes.effectiveGid();
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
}
