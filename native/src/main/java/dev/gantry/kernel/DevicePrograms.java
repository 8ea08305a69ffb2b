package dev.gantry.kernel;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The part of {@code bpf(2)} that decides in a cgroup v2 which devices may be used; programs of type
 * {@code BPF_PROG_TYPE_CGROUP_DEVICE}. Wants {@code CAP_BPF} and {@code CAP_NET_ADMIN}, as root has. As for
 * {@link Kernel}: any thread, {@link KernelException}, and what is opened belongs to the caller.
 */
public interface DevicePrograms {
    /**
     * Loads a program; it lives as long as a descriptor or a cgroup holds it.
     *
     * @param instructions of 8 bytes each in the machine's byte order; a direct buffer
     * @throws KernelException {@code EINVAL} if the kernel's verifier refuses it or the kernel has no such programs
     */
    Fd load(ByteBuffer instructions);

    /** Opens the programs that are attached to the cgroup itself, not to those above it. */
    List<Fd> attachedTo(Fd cgroup);

    /** Attaches a program beside those that are there; a device may be used if all of them let it. */
    void attach(Fd cgroup, Fd program);

    /** Puts a program in the place of another in one step: there is no moment without either. */
    void replace(Fd cgroup, Fd old, Fd program);

    /** Detaches a program. */
    void detach(Fd cgroup, Fd program);
}
