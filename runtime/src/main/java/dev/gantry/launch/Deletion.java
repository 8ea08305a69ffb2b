package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.io.ContainerProcess;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.HookPoint;
import dev.gantry.proc.Unkillable;
import dev.gantry.store.StateStore;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One deletion of a container: its processes are ended, then its cgroups and its files are removed, then hooks run. */
public final class Deletion {
    private static final int FROZEN_MILLIS = 50; // what is not frozen has ended by then

    private final Machinery machinery;
    private final Kernel kernel;
    private final StateStore store;
    private final Handle handle;
    private final String id;
    private boolean wanted;
    private Optional<ContainerHooks> poststop = Optional.empty();

    public Deletion(Handle handle) {
        this.machinery = handle.machinery();
        this.kernel = machinery.kernel();
        this.store = machinery.store();
        this.handle = handle;
        this.id = handle.id();
    }

    /** Deletes the container; one that still runs only if {@code force} says so. Blocks. */
    public void run(boolean force) {
        boolean ended = force && store.isBusy(id) && endWhatStarts();
        try {
            run(force, () -> true);
        } catch (ContainerException e) {
            if (!ended || e.kind() != ErrorKind.NOT_FOUND) { // who was about to run it has undone all by itself
                throw e;
            }
        }
    }

    /**
     * Ends the first process without the lock: a start that waits for that process holds the lock, and ends with it.
     * While the container is being made nothing is known of that process but its cgroup, in which nobody else was
     * before. What cannot be done here is reported when the lock is had.
     *
     * @return whether there was one
     */
    private boolean endWhatStarts() {
        try {
            ContainerState state = handle.state();
            if (state.pid() == 0) {
                new Cgroup(kernel, state.cgroups()).killAll();
                return true;
            }
            try (Fd pidfd = handle.open(state)) {
                kernel.signal(pidfd, Signal.KILL);
                handle.freezer(state).thawIfFrozen();
                return true;
            }
        } catch (ContainerException | KernelException e) {
            return false;
        }
    }

    /**
     * Deletes the container if a condition holds.
     *
     * @param condition asked when nobody else can change the container any more
     * @return whether it was met
     */
    public boolean run(boolean force, BooleanSupplier condition) {
        store.locked(id, () -> {
            wanted = condition.getAsBoolean();
            if (wanted) {
                take(force);
                store.remove(id);
            }
        });
        poststop.ifPresent(hooks ->
                hooks.runPoststop("delete `%s`".formatted(id)).forEach(failure -> machinery.warn(failure.line())));
        return wanted;
    }

    private void take(boolean force) {
        Optional<ContainerState> recorded;
        try {
            recorded = store.readState(id);
        } catch (ContainerException e) {
            if (!force || e.kind() != ErrorKind.DAMAGED) {
                throw e;
            }
            new Remains(machinery, id).remove();
            return;
        }
        recorded.ifPresent(state -> {
            end(state, force);
            if (handle.hasHooks(HookPoint.POSTSTOP)) {
                poststop = hooks(state, force); // while its config can be read
            }
            new CgroupRemoval(machinery).of(state);
        });
    }

    private Optional<ContainerHooks> hooks(ContainerState state, boolean force) {
        try {
            return Optional.of(handle.hooks(state));
        } catch (ContainerException e) {
            if (!force || e.kind() != ErrorKind.DAMAGED) {
                throw e;
            }
            machinery.warn("delete `%s`: its poststop hooks are not run: %s".formatted(id, e.getMessage()));
            return Optional.empty();
        }
    }

    private void end(ContainerState state, boolean force) {
        ContainerStatus status = handle.statusOf(state);
        if (status == ContainerStatus.STOPPED || status == ContainerStatus.CREATING) {
            handle.freezer(state).thawIfFrozen(); // others may be in its cgroup
            return;
        }
        if (status != ContainerStatus.CREATED && !force) {
            throw new StateException(
                    "cannot delete container %s that is not stopped: %s".formatted(id, status.ociName()),
                    "stop it first, or force it");
        }
        try (Fd pidfd = handle.open(state)) {
            kernel.signal(pidfd, Signal.KILL);
            handle.freezer(state).thawIfFrozen();
            if (!hasEnded(pidfd, FROZEN_MILLIS)) {
                handle.thawElsewhere(state).ifPresent(this::failFrozen);
            }
            if (!Unkillable.hasEnded(kernel, pidfd)) {
                throw new StateException(
                        "delete `%s`: its first process does not end".formatted(id),
                        Unkillable.hint(new Cgroup(kernel, state.cgroups()).pids())
                                .orElse("a process of it may be dead and not waited for by its parent: end that one"));
            }
            handle.process().ifPresent(ContainerProcess::waitFor);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    private void failFrozen(String dir) {
        throw new StateException(
                "delete `%s`: a process of it is frozen in cgroup `%s`".formatted(id, dir),
                "thaw that cgroup, then try again");
    }

    private boolean hasEnded(Fd pidfd, int millis) {
        return kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, millis)[0] != 0;
    }
}
