/**
 * The kernel as Gantry's Java side sees it: every system call that the JVM makes itself, and the values they deal in.
 *
 * <p>{@link dev.gantry.kernel.Kernel} is an interface so that everything above can be tested without privileges; the
 * real one is {@code dev.gantry.kernel.jnr.LinuxKernel}. What must not be done in a process with many threads (fork,
 * unshare, setns of most namespaces) is not here: {@code gantry-init} does it, see {@code dev.gantry.kernel.init}.
 *
 * <p>The numbers of signals, errors and flags are here and nowhere above: some differ between machines, and the tests
 * compare all of them with C compilers.
 */
package dev.gantry.kernel;
