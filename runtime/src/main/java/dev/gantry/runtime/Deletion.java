package dev.gantry.runtime;

import dev.gantry.error.StateException;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.oci.HookPoint;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One deletion of a container: its processes are ended, then its cgroups and its files are removed, then hooks run. */
final class Deletion {
    private static final int END_MILLIS = 10_000;
    private static final int SIGKILL = 9;

    private final Gantry gantry;
    private final Kernel kernel;
    private final StateStore store;
    private final Container container;
    private final String id;
    private boolean wanted;
    private Optional<ContainerHooks> poststop = Optional.empty();

    Deletion(Gantry gantry, Container container) {
        this.gantry = gantry;
        this.kernel = gantry.kernel();
        this.store = gantry.store();
        this.container = container;
        this.id = container.id();
    }

    /**
     * Deletes the container, see {@link Container#delete}.
     *
     * @param condition asked when nobody else can change the container any more
     * @return whether it was met
     */
    boolean run(boolean force, BooleanSupplier condition) {
        store.locked(id, () -> {
            wanted = condition.getAsBoolean();
            if (wanted) {
                store.readState(id).ifPresent(state -> take(state, force));
                store.remove(id);
            }
        });
        poststop.ifPresent(hooks ->
                hooks.runPoststop("delete `%s`".formatted(id)).forEach(failure -> gantry.warn(failure.line())));
        return wanted;
    }

    private void take(ContainerState state, boolean force) {
        end(state, force);
        if (container.hasHooks(HookPoint.POSTSTOP)) {
            poststop = Optional.of(container.hooks(state)); // while its config can be read
        }
        gantry.removeCgroup(state);
    }

    private void end(ContainerState state, boolean force) {
        ContainerStatus status = container.statusOf(state);
        if (status == ContainerStatus.STOPPED || status == ContainerStatus.CREATING) {
            return;
        }
        if (status != ContainerStatus.CREATED && !force) {
            throw new StateException(
                    "cannot delete container %s that is not stopped: %s".formatted(id, status.ociName()),
                    "stop it first, or force it");
        }
        try (Fd pidfd = container.open(state)) {
            kernel.signal(pidfd, SIGKILL);
            container.freezer(state).thawIfFrozen();
            if (kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, END_MILLIS)[0] == 0) {
                throw new StateException(
                        "delete `%s`: its first process does not end".formatted(id),
                        "a process of it may be dead and not waited for by its parent: end that one");
            }
            container.process().ifPresent(ContainerProcess::waitFor);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }
}
