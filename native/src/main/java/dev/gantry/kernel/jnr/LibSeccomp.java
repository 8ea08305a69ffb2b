package dev.gantry.kernel.jnr;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;

/**
 * The functions of libseccomp that are called, each by its C name. They return an error's number, negated.
 *
 * <p>Public for JNR alone: the class that it makes of this lives in a class loader of its own.
 */
public interface LibSeccomp {
    /** The library by the name of its binary interface, which has been the same since 2012. */
    String FILE = "libseccomp.so.2";

    @IgnoreError
    Pointer seccomp_init(int defaultAction);

    @IgnoreError
    void seccomp_release(Pointer context);

    @IgnoreError
    int seccomp_attr_set(Pointer context, int attribute, int value);

    @IgnoreError
    int seccomp_arch_native();

    @IgnoreError
    int seccomp_arch_resolve_name(String name);

    @IgnoreError
    int seccomp_arch_exist(Pointer context, int token);

    @IgnoreError
    int seccomp_arch_add(Pointer context, int token);

    @IgnoreError
    int seccomp_syscall_resolve_name_arch(int token, String name);

    @IgnoreError
    int seccomp_rule_add_array(Pointer context, int action, int syscall, int count, @In ByteBuffer comparisons);

    @IgnoreError
    int seccomp_export_bpf(Pointer context, int fd);
}
