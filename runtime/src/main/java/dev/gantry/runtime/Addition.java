package dev.gantry.runtime;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.oci.Process;
import dev.gantry.plan.ExecCompiler;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.SourceMap;
import dev.gantry.wire.Slot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The adding of one process to a running container. */
final class Addition {
    private static final int O_DIRECTORY = 0200000;

    private final Gantry gantry;
    private final Container container;
    private final ContainerState state;

    Addition(Gantry gantry, Container container, ContainerState state) {
        this.gantry = gantry;
        this.container = container;
        this.state = state;
    }

    /** Returns when the process is its program. */
    Launcher.Launched launch(Process process, Stdio stdio, ExecOptions how, LaunchOptions options) {
        String operation = "exec in `%s`".formatted(state.id());
        List<String> cgroups = how.resolve(operation, gantry.host().cgroups(), state);
        LaunchPlan plan =
                ExecCompiler.compile(container.config(), process, cgroups, SourceMap.NONE, gantry.host(), options);
        Kernel kernel = gantry.kernel();
        try (Fd target = container.open(state);
                Fd cgroup = plan.cgroupOfBirth()
                        .map(dir -> kernel.open(dir, O_DIRECTORY, 0))
                        .orElse(null)) {
            Map<Slot, Fd> fds = stdio.slots();
            fds.put(Slot.TARGET, target);
            if (cgroup != null) {
                fds.put(Slot.CGROUP, cgroup);
            }
            return gantry.launcher()
                    .launch(new Launcher.Launch(
                            operation,
                            plan,
                            OptionalInt.empty(),
                            () -> fds,
                            stdio.more(),
                            pid -> {},
                            this::tellAgent,
                            Optional.empty()));
        }
    }

    private void tellAgent(Fd listener, int pid) {
        gantry.filtering().tellAgent(container.config(), state, container.status(), pid, listener);
    }
}
