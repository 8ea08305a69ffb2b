package dev.gantry.kernel;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Every system call that the JVM makes itself; one method a call, under a name that says what it is for.
 *
 * <p>All methods may be called from any thread, retry when a signal interrupts them, and throw {@link KernelException}
 * with the call's name when the kernel refuses. Descriptors they open are close-on-exec and belong to the caller.
 * Methods that may block say so; they block the calling thread outside of the JVM's control and do not see interrupts.
 */
public interface Kernel {
    /** Poll event: there is something to read, or the peer is gone. */
    int POLLIN = 0x001;

    /** Poll event: something exceptional; a control file has changed. */
    int POLLPRI = 0x002;

    /** Poll event: writing will not block. */
    int POLLOUT = 0x004;

    /** Opens a file as {@code open(2)} does, for reading unless the flags say otherwise; close-on-exec is added. */
    Fd open(String path, OpenFlag... flags);

    /** Opens a file, which is made with that mode if there is none. */
    Fd create(String path, int mode, OpenFlag... flags);

    /** Opens an entry of a directory, whatever it is. */
    Fd openAt(Fd directory, String name, OpenFlag... flags);

    /** Opens what a path in a directory leads to, {@code openat2(2)}. */
    Fd openBeneath(Fd root, String path, Resolve resolve, OpenFlag... flags);

    /** Opens what a path in a directory leads to, a file that is made with that mode if there is none. */
    Fd createBeneath(Fd root, String path, int mode, Resolve resolve, OpenFlag... flags);

    /** Returns what there is to know of an opened file, of a link itself too; {@link OpenFlag#PATH} will do. */
    FileFacts facts(Fd fd);

    /** Returns the kind of the file system that an opened file is in, by the number of statfs(2). */
    long fileSystemType(Fd fd);

    /** Returns what an opened symbolic link says. */
    String linkTarget(Fd link);

    /** Returns where the next data of a file begins, at a position or behind it; empty if only a hole follows. */
    OptionalLong nextData(Fd fd, long from);

    /** Returns where the next hole of a file begins, at a position or behind it: at the file's end at the latest. */
    long nextHole(Fd fd, long from);

    /** Reads into the free part of a direct buffer; returns the number of bytes, 0 at the end. May block. */
    int read(Fd fd, ByteBuffer direct);

    /** Reads the same way from a position of a file. */
    int read(Fd fd, ByteBuffer direct, long position);

    /** Writes what remains of a direct buffer, or part of it; returns the number of bytes. May block. */
    int write(Fd fd, ByteBuffer direct);

    /** Makes a pipe. */
    FdPair pipe();

    /** Makes a connected pair of {@code SOCK_SEQPACKET} sockets. */
    FdPair socketPair();

    /** How long a peer that does not accept or read is waited for, in seconds; {@code EAGAIN} then. */
    int SEND_SECONDS = 10;

    /**
     * Connects to the {@code SOCK_STREAM} unix socket at a host path of any length. Blocks, at most
     * {@link #SEND_SECONDS}, while as many wait there to be accepted as may; so does sending.
     */
    Fd connect(String path);

    /** Makes a unix datagram socket that is named by a host path of any length, at which there must be nothing. */
    Fd datagramSocket(String path);

    /**
     * Makes a unix datagram socket that sends to another, which may block as for {@link #connect}.
     *
     * @param address a host path of any length, or {@code @} and the name of an abstract socket, unix(7)
     */
    Fd datagramsTo(String address);

    /** Makes a memory file that holds {@code content} (a direct buffer) and can never change again. */
    Fd sealedMemory(String name, ByteBuffer content, boolean executable);

    /** Makes a directory. */
    void makeDirectory(String path, int mode);

    /** Removes an empty directory. */
    void removeDirectory(String path);

    /** Returns what makes entries of directories, as this process. */
    FileMaker fileMaker();

    /**
     * Returns what makes entries of directories that belong to another user and group from the start: a file system
     * whose ids are those of a user namespace lets nobody else make any, {@code EOVERFLOW}. Nothing of the thread or
     * the process is changed when a call is over. Needs {@code CAP_SETUID} and {@code CAP_SETGID}, {@code EPERM}
     * without them.
     */
    FileMaker fileMakerAs(int uid, int gid);

    /** Returns what changes entries of directories, as this process. */
    Entries entries();

    /** Makes a fifo. */
    void makeFifo(String path, int mode);

    /** Takes an exclusive {@code flock(2)} on a file, waiting for it; closing the descriptor releases it. May block. */
    void lock(Fd fd);

    /**
     * Takes a shared {@code flock(2)} on a file, which others may share, waiting for those that have it exclusively; an
     * exclusive one that the descriptor has becomes shared. May block.
     */
    void lockShared(Fd fd);

    /** Takes an exclusive one if nobody has any, and returns whether that was so. */
    boolean tryLock(Fd fd);

    /**
     * Starts a program with one more descriptor, {@code socket}, under the number {@code as}. The child inherits this
     * process's other descriptors and must close them; it is this process's to wait for.
     *
     * @param inEnvironment whether it gets this process's environment, byte for byte; otherwise it gets an empty one
     * @return its pid
     */
    int spawn(String program, List<String> args, boolean inEnvironment, Fd socket, int as);

    /** Sends one message with the descriptors, which stay open here. */
    void send(Fd socket, ByteBuffer direct, List<Fd> fds);

    /** Receives one message of at most {@code size} bytes. Blocks until there is one, or the peer is gone. */
    Message receive(Fd socket, int size);

    /** Waits for a child of this process to end, and reaps it. Blocks. */
    ExitStatus waitFor(int pid);

    /**
     * Reaps the child behind a pidfd if it has ended.
     *
     * @return empty while it runs
     * @throws KernelException {@code ECHILD} if it is not a child of this process
     */
    Optional<ExitStatus> reap(Fd pidfd);

    /** Opens a pidfd; {@code ESRCH} if there is no such process. The pid must be known not to have been reused. */
    Fd pidfd(int pid);

    /**
     * Copies descriptor {@code number} of the process behind a pidfd into this process.
     *
     * @throws KernelException {@code EPERM} if this process may not trace that one, {@code EBADF} if it has no such
     *     descriptor
     */
    Fd copyFrom(Fd pidfd, int number);

    /** Sends a signal to the process behind a pidfd; {@code ESRCH} once it has been reaped. */
    void signal(Fd pidfd, int signal);

    /** Sends the same way a signal that has a name. */
    default void signal(Fd pidfd, Signal signal) {
        signal(pidfd, signal.number());
    }

    /** Sends a signal to a process by pid: only for pids read from a cgroup, which may have ended since. */
    void kill(int pid, int signal);

    /** Sends the same way a signal that has a name. */
    default void kill(int pid, Signal signal) {
        kill(pid, signal.number());
    }

    /**
     * Waits until one of the descriptors is ready.
     *
     * @param events the poll events wanted of each; 0 leaves a descriptor out but for errors and hang-up
     * @param timeoutMillis -1 waits for ever
     * @return for each descriptor the events that are there, {@code POLLHUP} and {@code POLLERR} included; all 0 on
     *     time-out
     */
    int[] poll(List<Fd> fds, int[] events, int timeoutMillis);

    /** Makes an epoll instance. */
    Fd epoll();

    /** Watches {@code fd} for poll events; {@code token} comes back from {@link #epollWait}. */
    void epollAdd(Fd epoll, Fd fd, int events, long token);

    /** Returns the tokens of ready descriptors, at least one. Blocks. */
    long[] epollWait(Fd epoll);

    /** Makes a counter that becomes readable when {@link #wake} is called. */
    Fd eventFd();

    /** Makes an {@link #eventFd} readable. */
    void wake(Fd eventFd);

    /**
     * Lets reading and writing wait for the other side, or fail with {@code EAGAIN}: for all who have the file open.
     */
    void setBlocking(Fd fd, boolean blocks);

    /** Returns the calls for terminals. */
    Terminals terminals();

    /** Returns the calls for TCP on this machine and in containers. */
    TcpSockets tcp();

    /** Returns the calls for the programs that guard a cgroup's devices. */
    DevicePrograms devicePrograms();

    /** Returns the effective user id of this process. */
    int effectiveUid();

    /** Returns the effective group id of this process. */
    int effectiveGid();

    /** Returns the version of Landlock's interface that this kernel has and that is switched on; 0 without it. */
    int landlockVersion();
}
