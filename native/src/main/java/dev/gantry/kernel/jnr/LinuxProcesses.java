package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import java.util.List;
import java.util.Optional;

/** Calls about processes: this one, its children, and those that a pidfd stands for. */
final class LinuxProcesses {
    private final LibC c = LibC.INSTANCE;

    int spawn(String program, List<String> args, boolean inEnvironment, Fd socket, int as) {
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

    ExitStatus waitFor(int pid) {
        try (Block status = Block.of(4)) {
            call(c.waitpid, pid, pid, status.address(), 0);
            int word = status.int32(0);
            int signal = word & 0x7f;
            return signal == 0 ? new ExitStatus(word >> 8 & 0xff, 0) : new ExitStatus(-1, signal);
        }
    }

    Optional<ExitStatus> reap(Fd pidfd) {
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

    Fd pidfd(int pid) {
        try {
            return c.own(call(c.pidfdOpen, pid, Numbers.SYS_PIDFD_OPEN, pid, 0), "pidfd of " + pid);
        } catch (KernelException e) {
            // what older kernels say of a process that is gone while its id is still that of a group or session
            throw e.errno() == Errno.EINVAL ? new KernelException(e.call(), "" + pid, Errno.ESRCH) : e;
        }
    }

    Fd copyFrom(Fd pidfd, int number) {
        String what = "descriptor %d of %s".formatted(number, pidfd);
        return c.own(call(c.pidfdGetfd, what, Numbers.SYS_PIDFD_GETFD, pidfd.number(), number, 0), what);
    }

    void signal(Fd pidfd, int signal) {
        call(c.pidfdSendSignal, pidfd, Numbers.SYS_PIDFD_SEND_SIGNAL, pidfd.number(), signal, 0, 0);
    }

    void kill(int pid, int signal) {
        call(c.kill, pid, pid, signal);
    }

    int effectiveUid() {
        return call(c.geteuid, "");
    }

    int effectiveGid() {
        return call(c.getegid, "");
    }
}
