/**
 * Seccomp: from a profile to the program that the kernel runs at every system call of a container.
 *
 * <p>{@link dev.gantry.seccomp.SeccompFilters} answers with the program of a profile, from a cache if it can;
 * {@link dev.gantry.seccomp.DefaultProfile} is the profile for those who name none;
 * {@link dev.gantry.seccomp.SeccompAgent} tells an agent of the filter that asks it. The program is installed by
 * {@code gantry-init}, see the order {@code SECCOMP}. Depends on {@code oci}, {@code json}, {@code error} and
 * {@code kernel}. Start reading at {@code SeccompFilters}.
 */
package dev.gantry.seccomp;
