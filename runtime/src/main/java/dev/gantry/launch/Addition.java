package dev.gantry.launch;

import dev.gantry.error.SourceMap;
import dev.gantry.error.StateException;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Launched;
import dev.gantry.io.Stdio;
import dev.gantry.kernel.Fd;
import dev.gantry.oci.Process;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.compile.ExecCompiler;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.ExecOptions;
import dev.gantry.wire.Slot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/** The adding of one process to a running container. */
public final class Addition {
    private static final String STOPPED = "cannot exec in a stopped container";

    private final Machinery machinery;
    private final Handle handle;
    private final String operation;
    private final ContainerState state;

    /** @throws dev.gantry.error.ContainerException of kind NOT_FOUND if the container is gone */
    public Addition(Handle handle) {
        this.machinery = handle.machinery();
        this.handle = handle;
        this.operation = "exec in `%s`".formatted(handle.id());
        this.state = handle.state();
    }

    /**
     * Returns when the process is its program.
     *
     * @param left see {@link Launcher.Launch}
     * @throws StateException if the container cannot take a process now
     */
    public Launched launch(Process process, Stdio stdio, ExecOptions how, IntSupplier left) {
        requireReady(how);
        LaunchOptions options =
                how.relaysTerminal() ? handle.options() : handle.options().handingTerminalOver();
        List<String> cgroups =
                ExecCgroups.resolve(how, operation, machinery.host().cgroups(), state);
        LaunchPlan plan =
                ExecCompiler.compile(handle.config(), process, cgroups, SourceMap.NONE, machinery.host(), options);
        try (Fd target = handle.openAlive(state, operation, STOPPED)) {
            Map<Slot, Fd> fds = stdio.slots();
            fds.put(Slot.TARGET, target);
            return machinery
                    .launcher()
                    .launch(new Launcher.Launch(
                            operation,
                            plan,
                            OptionalInt.empty(),
                            () -> fds,
                            stdio.more(),
                            pid -> {},
                            this::tellAgent,
                            Optional.empty(),
                            left));
        }
    }

    /** Returns the handle of a process that has all the time it takes to become its program. */
    public ContainerProcess spawn(Process process, Stdio stdio, ExecOptions how) {
        return machinery.process(launch(process, stdio, how, Launcher.Launch.UNLIMITED));
    }

    private void requireReady(ExecOptions how) {
        ContainerStatus status = handle.statusOf(state);
        if (status == ContainerStatus.STOPPED || status == ContainerStatus.CREATING) {
            throw new StateException(operation, STOPPED, null);
        }
        if (status == ContainerStatus.PAUSED && !how.whilePaused()) {
            throw new StateException(operation, "cannot exec in a paused container", "resume it first");
        }
    }

    private void tellAgent(Fd listener, int pid) {
        machinery.filtering().tellAgent(handle.config(), state, handle.status(), pid, listener);
    }
}
