package dev.gantry.kernel.jnr;

import com.kenai.jffi.LastError;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileMaker;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;

/** Makes the calls, as this process does or, for one call at a time, as somebody else, credentials(7). */
class LinuxFileMaker implements FileMaker {
    private static final int NEW = OpenFlag.bits(OpenFlag.WRONLY, OpenFlag.CREAT, OpenFlag.EXCL, OpenFlag.CLOEXEC);

    final LibC c = LibC.INSTANCE;

    @Override
    public Fd file(Fd directory, String name, int mode) {
        try (Block path = Block.string(name)) {
            int number = make(c.openat, name, directory.number(), path.address(), NEW, mode);
            return new Fd(number, name, c::close);
        }
    }

    @Override
    public void directory(Fd directory, String name, int mode) {
        try (Block path = Block.string(name)) {
            make(c.mkdirat, name, directory.number(), path.address(), mode);
        }
    }

    @Override
    public void link(Fd directory, String name, String target) {
        try (Block path = Block.string(name);
                Block content = Block.string(target)) {
            make(c.symlinkat, name, content.address(), directory.number(), path.address());
        }
    }

    int make(LibC.Function function, String name, long... words) {
        return LibC.call(function, name, words);
    }

    /**
     * Makes them as another user and group of the file system. In Linux every thread has its own, with capabilities
     * that go when the user is not root; they are taken again, and all is as before when the call is over. Nothing but
     * system calls happens in between: a class that had to be loaded then might be out of that user's reach.
     */
    static final class As extends LinuxFileMaker {
        private static final int HEADER_BYTES = 8;
        private static final int SETS_BYTES = 24;
        private static final int NOBODY = -1;

        private final int uid;
        private final int gid;

        As(int uid, int gid) {
            this.uid = uid;
            this.gid = gid;
        }

        @Override
        int make(LibC.Function function, String name, long... words) {
            try (Block header = Block.of(HEADER_BYTES).int32(0, Numbers.LINUX_CAPABILITY_VERSION_3);
                    Block sets = Block.of(SETS_BYTES)) {
                LibC.call(c.capget, name, header.address(), sets.address());
                int dumpable = LibC.call(c.prctl, name, Numbers.PR_GET_DUMPABLE, 0, 0, 0, 0);
                int ownGid = (int) LibC.attempt(c.setfsgid, gid);
                int ownUid = (int) LibC.attempt(c.setfsuid, uid);
                LibC.attempt(c.capset, header.address(), sets.address());
                boolean isAs = (int) LibC.attempt(c.setfsuid, NOBODY) == uid // which is refused, and tells who it is
                        && (int) LibC.attempt(c.setfsgid, NOBODY) == gid;
                int result = isAs ? (int) LibC.attempt(function, words) : -1;
                int errno = isAs && result == -1 ? LastError.getInstance().get() : 0;
                LibC.attempt(c.setfsuid, ownUid);
                LibC.attempt(c.setfsgid, ownGid);
                LibC.attempt(c.capset, header.address(), sets.address());
                LibC.attempt(c.prctl, Numbers.PR_SET_DUMPABLE, dumpable, 0, 0, 0); // which another user is not
                if (result == -1) {
                    throw new KernelException(function.name(), name, isAs ? Errno.of(errno) : Errno.EPERM);
                }
                return result;
            }
        }
    }
}
