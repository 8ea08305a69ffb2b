package dev.gantry.runtime;

import dev.gantry.io.Launched;
import dev.gantry.kernel.Fd;
import dev.gantry.oci.Process;
import dev.gantry.plan.ExecCompiler;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.SourceMap;
import dev.gantry.store.ContainerState;
import dev.gantry.value.Stdio;
import dev.gantry.wire.Slot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/** The adding of one process to a running container. */
final class Addition {
    private final Gantry gantry;
    private final Container container;
    private final ContainerState state;

    Addition(Gantry gantry, Container container, ContainerState state) {
        this.gantry = gantry;
        this.container = container;
        this.state = state;
    }

    /**
     * Returns when the process is its program.
     *
     * @param left see {@link Launcher.Launch}
     */
    Launched launch(Process process, Stdio stdio, ExecOptions how, LaunchOptions as, IntSupplier left) {
        LaunchOptions options = how.relaysTerminal() ? as : as.handingTerminalOver();
        String operation = "exec in `%s`".formatted(state.id());
        List<String> cgroups = how.resolve(operation, gantry.host().cgroups(), state);
        LaunchPlan plan =
                ExecCompiler.compile(container.config(), process, cgroups, SourceMap.NONE, gantry.host(), options);
        try (Fd target = container.openAlive(state, operation + ": cannot exec in a stopped container")) {
            Map<Slot, Fd> fds = stdio.slots();
            fds.put(Slot.TARGET, target);
            return gantry.launcher()
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

    private void tellAgent(Fd listener, int pid) {
        gantry.filtering().tellAgent(container.config(), state, container.status(), pid, listener);
    }
}
