package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.error.ContainerException;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.value.ContainerState;

/** The sending of signals to the processes of a container. */
public final class Killing {
    private final Handle handle;
    private final Kernel kernel;

    public Killing(Handle handle) {
        this.handle = handle;
        this.kernel = handle.machinery().kernel();
    }

    /**
     * Sends one to the first process. {@code KILL} lets all others end with it: what is frozen is thawed, and where it
     * has no pid namespace of its own, its cgroup is killed.
     *
     * @return whether there was a process to send it to
     */
    public boolean first(int signal) {
        ContainerState state = handle.state();
        boolean whole = signal == Signal.KILL.number() && sharesPids();
        try (Fd pidfd = handle.open(state)) {
            kernel.signal(pidfd, signal);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
            if (!whole) {
                return false;
            }
        }
        if (signal == Signal.KILL.number()) {
            handle.freezer(state).thawIfFrozen();
            handle.thawElsewhere(state);
        }
        if (whole) {
            new Cgroup(kernel, state.cgroups()).killAll();
        }
        return true;
    }

    /** Returns whether the end of its first process can leave others alive. */
    private boolean sharesPids() {
        Linux linux;
        try {
            linux = handle.config().linux();
        } catch (ContainerException e) {
            return true; // what is not known may be
        }
        return linux == null
                || linux.namespaces().stream()
                        .noneMatch(namespace -> namespace.type() == NamespaceType.PID && namespace.path() == null);
    }

    /** Sends one to all processes in its cgroup that are there now. */
    public void all(int signal) {
        for (int pid : handle.processes()) {
            try {
                kernel.kill(pid, signal);
            } catch (KernelException e) {
                if (e.errno() != Errno.ESRCH) {
                    throw e;
                }
            }
        }
    }
}
