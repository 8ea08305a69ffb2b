package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Entries;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.wire.RawText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the calls. Those that have no form with a descriptor of a directory, or none that leaves links alone, are given
 * the descriptor's name in procfs.
 */
final class LinuxEntries implements Entries {
    private static final int PATH_ONLY = OpenFlag.bits(OpenFlag.PATH, OpenFlag.NOFOLLOW, OpenFlag.CLOEXEC);

    private final LibC c = LibC.INSTANCE;

    @Override
    public void node(Fd directory, String name, int mode, long major, long minor) {
        try (Block path = Block.string(name)) {
            call(c.mknodat, name, Numbers.SYS_MKNODAT, directory.number(), path.address(), mode, device(major, minor));
        }
    }

    /** As makedev(3). */
    private static long device(long major, long minor) {
        return (major & 0xfffff000L) << 32 | (major & 0xfff) << 8 | (minor & 0xffffff00L) << 12 | minor & 0xff;
    }

    @Override
    public void hardLink(Fd from, String name, Fd to, String newName) {
        try (Block old = Block.string(name);
                Block path = Block.string(newName)) {
            call(c.linkat, newName, from.number(), old.address(), to.number(), path.address(), 0);
        }
    }

    @Override
    public void remove(Fd directory, String name) {
        unlink(directory, name, 0);
    }

    @Override
    public void removeDirectory(Fd directory, String name) {
        unlink(directory, name, Numbers.AT_REMOVEDIR);
    }

    private void unlink(Fd directory, String name, int flags) {
        try (Block path = Block.string(name)) {
            call(c.unlinkat, name, directory.number(), path.address(), flags);
        }
    }

    @Override
    public void rename(Fd from, String name, Fd to, String newName) {
        try (Block old = Block.string(name);
                Block path = Block.string(newName)) {
            call(c.renameat, newName, from.number(), old.address(), to.number(), path.address());
        }
    }

    @Override
    public void own(Fd directory, String name, int uid, int gid) {
        try (Block path = Block.string(name)) {
            call(c.fchownat, name, directory.number(), path.address(), uid, gid, Numbers.AT_SYMLINK_NOFOLLOW);
        }
    }

    @Override
    public void permissions(Fd directory, String name, int mode) {
        try (Block path = Block.string(name)) {
            int number = call(c.openat, name, directory.number(), path.address(), PATH_ONLY, 0);
            try (Fd entry = c.own(number, name);
                    Block handle = Block.string("/proc/self/fd/" + number)) {
                call(c.chmod, entry, handle.address(), mode);
            }
        }
    }

    @Override
    public void time(Fd directory, String name, long seconds, long nanos) {
        int size = Layouts.TIMESPEC_SIZE;
        try (Block path = Block.string(name);
                Block times = Block.of(2L * size)) {
            for (int i = 0; i < 2; i++) {
                times.int64(i * size, seconds).int64(i * size + Layouts.TIMESPEC_NSEC, nanos);
            }
            call(c.utimensat, name, directory.number(), path.address(), times.address(), Numbers.AT_SYMLINK_NOFOLLOW);
        }
    }

    @Override
    public void setAttribute(Fd directory, String name, String attribute, byte[] value) {
        try (Block path = inProcfs(directory, name);
                Block key = Block.string(attribute);
                Block content = Block.of(value.length + 1L).bytes(0, value)) {
            call(c.lsetxattr, attribute, path.address(), key.address(), content.address(), value.length, 0);
        }
    }

    @Override
    public Map<String, byte[]> attributes(Fd directory, String name) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        try (Block path = inProcfs(directory, name);
                Block room = Block.of(Numbers.XATTR_SIZE_MAX)) {
            int length = call(c.llistxattr, name, path.address(), room.address(), Numbers.XATTR_SIZE_MAX);
            String names = RawText.decode(room.bytes(length));
            for (String key : names.isEmpty() ? new String[0] : names.split("\0")) {
                try (Block attribute = Block.string(key)) {
                    int size = call(
                            c.lgetxattr,
                            key,
                            path.address(),
                            attribute.address(),
                            room.address(),
                            Numbers.XATTR_SIZE_MAX);
                    found.put(key, room.bytes(size));
                }
            }
        } catch (KernelException e) {
            if (e.errno() != Errno.EOPNOTSUPP) { // a file system without any
                throw e;
            }
        }
        return found;
    }

    private static Block inProcfs(Fd directory, String name) {
        return Block.string("/proc/self/fd/" + directory.number() + "/" + name);
    }

    @Override
    public void resize(Fd file, long bytes) {
        call(c.ftruncate, file, file.number(), bytes);
    }

    @Override
    public void sync(Fd fd) {
        call(c.syncfs, fd, fd.number());
    }
}
