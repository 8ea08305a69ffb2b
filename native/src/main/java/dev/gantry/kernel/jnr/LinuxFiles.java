package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.FileFacts;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.Resolve;
import dev.gantry.wire.RawText;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Calls about files, directories and pipes, and what is read from them and written. */
final class LinuxFiles {
    private static final int ALL_SEALS =
            Numbers.F_SEAL_SEAL | Numbers.F_SEAL_SHRINK | Numbers.F_SEAL_GROW | Numbers.F_SEAL_WRITE;

    private final LibC c = LibC.INSTANCE;

    Fd open(String path, OpenFlag... flags) {
        return open(path, 0, OpenFlag.bits(flags));
    }

    Fd create(String path, int mode, OpenFlag... flags) {
        return open(path, mode, OpenFlag.bits(flags) | OpenFlag.CREAT.number());
    }

    private Fd open(String path, int mode, int flags) {
        try (Block name = Block.string(path)) {
            return c.own(call(c.open, path, name.address(), flags | OpenFlag.CLOEXEC.number(), mode), path);
        }
    }

    Fd openAt(Fd directory, String name, OpenFlag... flags) {
        return openBeneath(directory, name, 0, 0, OpenFlag.bits(flags));
    }

    Fd openBeneath(Fd root, String path, Resolve resolve, OpenFlag... flags) {
        return openBeneath(root, path, 0, resolve.bits(), OpenFlag.bits(flags));
    }

    Fd createBeneath(Fd root, String path, int mode, Resolve resolve, OpenFlag... flags) {
        return openBeneath(root, path, mode, resolve.bits(), OpenFlag.bits(flags) | OpenFlag.CREAT.number());
    }

    private Fd openBeneath(Fd root, String path, int mode, int resolve, int flags) {
        int size = Layouts.OPEN_HOW_SIZE;
        try (Block name = Block.string(path);
                Block how = Block.of(size)) {
            how.int64(0, flags | OpenFlag.CLOEXEC.number())
                    .int64(Layouts.OPEN_HOW_MODE, mode)
                    .int64(Layouts.OPEN_HOW_RESOLVE, resolve);
            return c.own(
                    call(c.openat2, path, Numbers.SYS_OPENAT2, root.number(), name.address(), how.address(), size),
                    path);
        }
    }

    FileFacts facts(Fd fd) {
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

    long fileSystemType(Fd fd) {
        try (Block facts = Block.of(Layouts.STATFS_SIZE)) {
            call(c.fstatfs, fd, fd.number(), facts.address());
            return facts.int64(0);
        }
    }

    String linkTarget(Fd link) {
        try (Block nothing = Block.string("");
                Block target = Block.of(Numbers.PATH_MAX)) {
            int length = call(c.readlinkat, link, link.number(), nothing.address(), target.address(), Numbers.PATH_MAX);
            return RawText.decode(target.bytes(length));
        }
    }

    OptionalLong nextData(Fd fd, long from) {
        try {
            return OptionalLong.of(LibC.callOffset(c.lseek, fd, fd.number(), from, Numbers.SEEK_DATA));
        } catch (KernelException e) {
            if (e.errno() == Errno.ENXIO) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    long nextHole(Fd fd, long from) {
        return LibC.callOffset(c.lseek, fd, fd.number(), from, Numbers.SEEK_HOLE);
    }

    int read(Fd fd, ByteBuffer direct) {
        int count = call(c.read, fd, fd.number(), Block.address(direct), direct.remaining());
        direct.position(direct.position() + count);
        Reference.reachabilityFence(direct);
        return count;
    }

    int read(Fd fd, ByteBuffer direct, long position) {
        int count = call(c.pread, fd, fd.number(), Block.address(direct), direct.remaining(), position);
        direct.position(direct.position() + count);
        Reference.reachabilityFence(direct);
        return count;
    }

    int write(Fd fd, ByteBuffer direct) {
        int count = call(c.write, fd, fd.number(), Block.address(direct), direct.remaining());
        direct.position(direct.position() + count);
        Reference.reachabilityFence(direct);
        return count;
    }

    FdPair pipe() {
        try (Block pair = Block.of(8)) {
            call(c.pipe2, "", pair.address(), OpenFlag.CLOEXEC.number());
            return new FdPair(c.own(pair.int32(0), "pipe"), c.own(pair.int32(4), "pipe"));
        }
    }

    Fd sealedMemory(String name, ByteBuffer content, boolean executable) {
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
                return c.own(call(c.memfdCreate, name, label.address(), flags | kind), name);
            } catch (KernelException e) { // before Linux 6.3 there was but one kind
                return c.own(call(c.memfdCreate, name, label.address(), flags), name);
            }
        }
    }

    void makeDirectory(String path, int mode) {
        try (Block name = Block.string(path)) {
            call(c.mkdir, path, name.address(), mode);
        }
    }

    void removeDirectory(String path) {
        try (Block name = Block.string(path)) {
            call(c.rmdir, path, name.address());
        }
    }

    void makeFifo(String path, int mode) {
        try (Block name = Block.string(path)) {
            call(c.mkfifo, path, name.address(), mode);
        }
    }

    void lock(Fd fd) {
        call(c.flock, fd, fd.number(), Numbers.LOCK_EX);
    }

    void lockShared(Fd fd) {
        call(c.flock, fd, fd.number(), Numbers.LOCK_SH);
    }

    boolean tryLock(Fd fd) {
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

    void setBlocking(Fd fd, boolean blocks) {
        try (Block nonBlocking = Block.of(4).int32(0, blocks ? 0 : 1)) {
            call(c.ioctl, fd, fd.number(), Numbers.FIONBIO, nonBlocking.address());
        }
    }
}
