package dev.gantry.kernel.jnr;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import java.util.Collections;

/**
 * The functions of the C library that are called, each by its C name.
 *
 * <p>All take and give 64-bit words: the register size of every supported machine, in which C's smaller integers travel
 * as well. {@code errno} is read in {@link #check} and nowhere else, directly after the call and only if it failed.
 */
final class LibC {
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final CallContext[] BY_ARITY = new CallContext[7];

    static {
        for (int arity = 0; arity < BY_ARITY.length; arity++) {
            Type[] parameters = Collections.nCopies(arity, Type.SLONG_LONG).toArray(new Type[0]);
            BY_ARITY[arity] = CallContext.getCallContext(Type.SLONG_LONG, parameters, CallingConvention.DEFAULT, true);
        }
    }

    static final LibC INSTANCE = new LibC();

    final Function read = function("read");
    final Function write = function("write");
    final Function pread = function("pread");
    final Function lseek = function("lseek");
    final Function open = function("open");
    final Function openat = function("openat");
    final Function close = function("close");
    final Function pipe2 = function("pipe2");
    final Function socketpair = function("socketpair");
    final Function socket = function("socket");
    final Function connect = function("connect");
    final Function setsockopt = function("setsockopt");
    final Function bind = function("bind");
    final Function listen = function("listen");
    final Function accept4 = function("accept4");
    final Function getsockname = function("getsockname");
    final Function shutdown = function("shutdown");
    final Function sendmsg = function("sendmsg");
    final Function recvmsg = function("recvmsg");
    final Function poll = function("poll");
    final Function epollCreate1 = function("epoll_create1");
    final Function epollCtl = function("epoll_ctl");
    final Function epollWait = function("epoll_wait");
    final Function eventfd = function("eventfd");
    final Function waitpid = function("waitpid");
    final Function waitid = function("waitid");
    final Function kill = function("kill");
    final Function flock = function("flock");
    final Function ioctl = function("ioctl");
    final Function fcntl = function("fcntl");
    final Function mkdir = function("mkdir");
    final Function rmdir = function("rmdir");
    final Function mkdirat = function("mkdirat");
    final Function symlinkat = function("symlinkat");
    final Function linkat = function("linkat");
    final Function unlinkat = function("unlinkat");
    final Function renameat = function("renameat");
    final Function fchownat = function("fchownat");
    final Function chmod = function("chmod");
    final Function utimensat = function("utimensat");
    final Function lsetxattr = function("lsetxattr");
    final Function lgetxattr = function("lgetxattr");
    final Function llistxattr = function("llistxattr");
    final Function ftruncate = function("ftruncate");
    final Function syncfs = function("syncfs");
    final Function readlinkat = function("readlinkat");
    final Function fstatfs = function("fstatfs");
    final Function mkfifo = function("mkfifo");
    final Function geteuid = function("geteuid");
    final Function getegid = function("getegid");
    final Function setfsuid = function("setfsuid");
    final Function setfsgid = function("setfsgid");
    final Function capget = function("capget");
    final Function capset = function("capset");
    final Function prctl = function("prctl");
    /** Calls without a function in every C library; their numbers are the same on all machines, but for three. */
    final Function openat2 = systemCall("openat2");

    final Function statx = systemCall("statx");
    final Function pidfdOpen = systemCall("pidfd_open");
    final Function pidfdGetfd = systemCall("pidfd_getfd");
    final Function pidfdSendSignal = systemCall("pidfd_send_signal");
    final Function landlockCreateRuleset = systemCall("landlock_create_ruleset");
    final Function mknodat = systemCall("mknodat"); // no function before glibc 2.33
    final Function bpf = systemCall("bpf");

    final Function memfdCreate = function("memfd_create");
    final Function posixSpawn = function("posix_spawn");
    final Function spawnActionsInit = function("posix_spawn_file_actions_init");
    final Function spawnActionsAddDup2 = function("posix_spawn_file_actions_adddup2");
    final Function spawnActionsDestroy = function("posix_spawn_file_actions_destroy");

    private LibC() {}

    private static Function function(String name) {
        return new Function(name, address(name));
    }

    private static long address(String name) {
        long address = Library.getDefault().getSymbolAddress(name);
        if (address == 0) {
            throw new UnsatisfiedLinkError("the C library has no `%s`".formatted(name));
        }
        return address;
    }

    /** Returns the address of this process's environment, as execve(2) takes one. */
    long environment() {
        return MemoryIO.getInstance().getAddress(address("environ"));
    }

    /** Returns syscall(2) under the name of the call that it is used for, whose number is its first argument. */
    private static Function systemCall(String name) {
        return new Function(name, function("syscall").address);
    }

    /** Calls, again if a signal interrupts; returns the result, which C calls an int. */
    static int call(Function function, Object argument, long... words) {
        return (int) callLong(function, argument, words);
    }

    /** Calls, again if a signal interrupts; returns the result, which C calls a long. */
    static long callLong(Function function, Object argument, long... words) {
        return callUntil(false, function, argument, words);
    }

    /** Does the same for a result that uses all its bits. */
    static long callOffset(Function function, Object argument, long... words) {
        return callUntil(true, function, argument, words);
    }

    private static long callUntil(boolean isWide, Function function, Object argument, long... words) {
        for (; ; ) {
            long result = invoke(function.address, words);
            if ((isWide ? result : (int) result) != -1) {
                return result;
            }
            int errno = LastError.getInstance().get(); // meaningful only now, before anything else runs
            if (errno != Errno.EINTR.number()) {
                throw new KernelException(function.name, String.valueOf(argument), Errno.of(errno));
            }
        }
    }

    /** Calls once; returns the result, whatever it means. */
    static long attempt(Function function, long... words) {
        return invoke(function.address, words);
    }

    /** Calls a function of any library that takes nothing and cannot fail. */
    static long value(long address) {
        return invoke(address, new long[0]);
    }

    /** Closes a descriptor, once: Linux has released it even where a signal interrupted the call. */
    /** Returns a descriptor that a call has made. */
    Fd own(int number, String what) {
        return new Fd(number, what, this::close);
    }

    void close(int fd) {
        invoke(close.address, new long[] {fd});
    }

    private static long invoke(long address, long[] a) {
        CallContext context = BY_ARITY[a.length];
        return switch (a.length) {
            case 0 -> INVOKER.invokeL0(context, address);
            case 1 -> INVOKER.invokeL1(context, address, a[0]);
            case 2 -> INVOKER.invokeL2(context, address, a[0], a[1]);
            case 3 -> INVOKER.invokeL3(context, address, a[0], a[1], a[2]);
            case 4 -> INVOKER.invokeL4(context, address, a[0], a[1], a[2], a[3]);
            case 5 -> INVOKER.invokeL5(context, address, a[0], a[1], a[2], a[3], a[4]);
            case 6 -> INVOKER.invokeL6(context, address, a[0], a[1], a[2], a[3], a[4], a[5]);
            default -> throw new IllegalArgumentException("a function of %d words".formatted(a.length));
        };
    }

    /** A function of the C library, by its C name. */
    record Function(String name, long address) {}
}
