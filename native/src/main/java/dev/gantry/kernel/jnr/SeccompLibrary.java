package dev.gantry.kernel.jnr;

import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FilterLibrary;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/** libseccomp of the machine, loaded when it is first needed. One instance serves the whole process. */
public final class SeccompLibrary implements FilterLibrary {
    private static final int NO_SUCH_CALL = -1; // __NR_SCMP_ERROR
    private static final int ATTRIBUTE_OPTIMIZE = 8;
    private static final int BINARY_TREE = 2;
    private static final int COMPARISON_BYTES = 24;

    private LibSeccomp loaded;

    private synchronized LibSeccomp c() {
        if (loaded == null) {
            try {
                loaded =
                        LibraryLoader.create(LibSeccomp.class).failImmediately().load(LibSeccomp.FILE);
            } catch (UnsatisfiedLinkError e) {
                throw missing();
            }
        }
        return loaded;
    }

    private static UnsupportedOperationException missing() {
        return new UnsupportedOperationException(
                "a seccomp filter needs `%s`; on Debian it is in the package libseccomp2".formatted(LibSeccomp.FILE));
    }

    /** Asks by jffi, as {@link LibC} does: every command with a filter asks, few need the rest of the library. */
    @Override
    public String version() {
        Library library = Library.getCachedInstance(LibSeccomp.FILE, Library.LAZY);
        if (library == null) {
            throw missing();
        }
        long version = LibC.value(library.getSymbolAddress("seccomp_version")); // const struct scmp_version *
        MemoryIO memory = MemoryIO.getInstance();
        return memory.getInt(version) + "." + memory.getInt(version + 4) + "." + memory.getInt(version + 8);
    }

    @Override
    public OptionalInt architecture(String name) {
        int token = c().seccomp_arch_resolve_name(name);
        return token == 0 ? OptionalInt.empty() : OptionalInt.of(token);
    }

    @Override
    public int nativeArchitecture() {
        return c().seccomp_arch_native();
    }

    @Override
    public OptionalInt number(int architecture, String syscall) {
        int number = c().seccomp_syscall_resolve_name_arch(architecture, syscall);
        return number == NO_SUCH_CALL ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @Override
    public Filter begin(int defaultAction) {
        Pointer context = c().seccomp_init(defaultAction);
        if (context == null) {
            throw new KernelException("seccomp_init", "%#x".formatted(defaultAction), Errno.EINVAL);
        }
        c().seccomp_attr_set(context, ATTRIBUTE_OPTIMIZE, BINARY_TREE); // before 2.5 refused: then it is a list
        return new LibraryFilter(c(), context);
    }

    private static void check(String call, String argument, int result) {
        if (result < 0) {
            throw new KernelException(call, argument, Errno.of(-result));
        }
    }

    /** A {@code scmp_filter_ctx}. */
    private record LibraryFilter(LibSeccomp c, Pointer context) implements Filter {
        @Override
        public void addArchitecture(int token) {
            if (c.seccomp_arch_exist(context, token) != 0) {
                check("seccomp_arch_add", "", c.seccomp_arch_add(context, token));
            }
        }

        @Override
        public void addRule(int action, int syscall, List<Comparison> comparisons) {
            ByteBuffer array =
                    ByteBuffer.allocate(COMPARISON_BYTES * comparisons.size()).order(ByteOrder.nativeOrder());
            for (Comparison comparison : comparisons) {
                array.putInt(comparison.argument())
                        .putInt(comparison.operator())
                        .putLong(comparison.first())
                        .putLong(comparison.second());
            }
            int result = c.seccomp_rule_add_array(context, action, syscall, comparisons.size(), array.flip());
            check("seccomp_rule_add", "", result);
        }

        /** By way of a memory file: only libseccomp 2.6 can export to memory. */
        @Override
        public byte[] program() {
            try (Block name = Block.string("gantry-filter")) {
                int fd = LibC.call(LibC.INSTANCE.memfdCreate, "", name.address(), Numbers.MFD_CLOEXEC);
                try {
                    check("seccomp_export_bpf", "", c.seccomp_export_bpf(context, fd));
                    return Files.readAllBytes(Path.of("/proc/self/fd/" + fd));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    LibC.INSTANCE.close(fd);
                }
            }
        }

        @Override
        public void close() {
            c.seccomp_release(context);
        }
    }
}
