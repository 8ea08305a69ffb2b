package dev.gantry.launch;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Seccomp;
import dev.gantry.seccomp.FilteredProcess;
import dev.gantry.seccomp.SeccompAgent;
import dev.gantry.seccomp.SeccompFilters;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import java.nio.ByteBuffer;

/** The runtime's part in filtering system calls: filters for inits, listeners for agents. Thread-safe. */
public final class Filtering {
    private final Kernel kernel;
    private final SeccompFilters filters;

    public Filtering(Kernel kernel, SeccompFilters filters) {
        this.kernel = kernel;
        this.filters = filters;
    }

    /** Returns the compiled filter as {@code gantry-init} takes it; the receiver closes it. */
    Fd file(Seccomp profile) {
        byte[] program;
        try {
            program = filters.of(profile);
        } catch (UnsupportedOperationException e) {
            throw new ContainerException(ErrorKind.UNSUPPORTED, e.getMessage(), e);
        }
        ByteBuffer direct =
                ByteBuffer.allocateDirect(program.length).put(program).flip();
        return kernel.sealedMemory("gantry-filter", direct, false);
    }

    /**
     * Hands the listener of a new process's filter to the agent of the container's profile.
     *
     * @param status of the container
     * @param pid of the process
     * @param listener stays open here
     */
    void tellAgent(OciConfig config, ContainerState state, ContainerStatus status, int pid, Fd listener) {
        Seccomp profile = config.linux().seccomp();
        FilteredProcess process = new FilteredProcess(
                pid,
                profile.listenerMetadata(),
                state.forHooks(config.ociVersion()).with(status.ociName(), state.pid()));
        new SeccompAgent(kernel, profile.listenerPath()).take(listener, process);
    }
}
