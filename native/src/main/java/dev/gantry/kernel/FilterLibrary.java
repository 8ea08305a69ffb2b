package dev.gantry.kernel;

import java.util.List;
import java.util.OptionalInt;

/**
 * Turns rules about system calls into programs for {@code seccomp(2)}: libseccomp, in its own numbers.
 *
 * <p>Actions, operators and architecture tokens are the constants {@code SCMP_*} of {@code seccomp.h}. Thread-safe.
 * Needs no privileges. All methods throw {@link UnsupportedOperationException} if the machine has no libseccomp.
 */
public interface FilterLibrary {
    /**
     * Returns the library's version, {@code 2.5.4}, without the cost of its first use; the same rules may make another
     * program with another.
     */
    String version();

    /** Returns the token of an architecture by its name in lower case, {@code x86_64}; empty if it is unknown. */
    OptionalInt architecture(String name);

    /** Returns the token of this machine's architecture. */
    int nativeArchitecture();

    /**
     * Returns the number of a system call on an architecture, negative if only others have it; empty if the name is
     * unknown.
     */
    OptionalInt number(int architecture, String syscall);

    /** Begins a filter for the native architecture. */
    Filter begin(int defaultAction);

    /** A filter in the making. Not thread-safe; closing it frees its memory. */
    interface Filter extends AutoCloseable {
        /**
         * Covers one more architecture, by the rules that follow; nothing changes if it is covered already.
         *
         * @throws KernelException if its bytes are in another order than the native ones'
         */
        void addArchitecture(int token);

        /**
         * Adds a rule, for every architecture that has the call.
         *
         * @param syscall the call's number on the native architecture, possibly negative, see {@link #number}
         * @param comparisons all have to match, each of another argument; none match always
         * @throws KernelException {@code EEXIST} if it contradicts an earlier rule, {@code EINVAL} if an argument is
         *     compared twice, {@code EACCES} if it says what happens by default anyway
         */
        void addRule(int action, int syscall, List<Comparison> comparisons);

        /** Returns the program: a sequence of {@code struct sock_filter}. */
        byte[] program();

        @Override
        void close();
    }

    /**
     * Compares an argument of a call.
     *
     * @param argument 0 to 5
     * @param operator of {@code enum scmp_compare}
     * @param first the value, or the mask
     * @param second the value that is left under the mask
     */
    record Comparison(int argument, int operator, long first, long second) {}
}
