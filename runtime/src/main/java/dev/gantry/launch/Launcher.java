package dev.gantry.launch;

import dev.gantry.cgroup.OomKills;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.io.Launched;
import dev.gantry.io.OverdueLaunch;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.value.StepFailure;
import dev.gantry.wire.Slot;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Carries a launch plan out: performs the runtime's steps and talks to {@code gantry-init}, which performs the others.
 *
 * <p>A launch that fails leaves no process; cgroups and files are the caller's to remove. Thread-safe: each launch is
 * a conversation of its own.
 */
final class Launcher {
    private final Kernel kernel;
    private final InitBinary program;
    private final Filtering filtering;

    Launcher(Kernel kernel, InitBinary program, Filtering filtering) {
        this.kernel = kernel;
        this.program = program;
        this.filtering = filtering;
    }

    /**
     * One launch: what is to be done, with what, and whom to tell.
     *
     * @param fds asked for once the preparing steps are done; stay the caller's. {@link Slot#REPORTS} only where the
     *     process waits for a start that another process may make
     * @param preserved what the program finds as descriptors 3 and up; stay the caller's
     * @param onReady receives the pid when the process only has to start
     * @param onListener receives the pid and the listener when the process has a seccomp filter that asks an agent
     * @param left how many milliseconds the launch may still take; negative if its time is not limited
     */
    record Launch(
            String operation,
            LaunchPlan plan,
            OptionalInt failAt,
            Supplier<Map<Slot, Fd>> fds,
            List<Fd> preserved,
            IntConsumer onReady,
            ObjIntConsumer<Fd> onListener,
            Optional<ContainerHooks> hooks,
            IntSupplier left) {
        static final IntSupplier UNLIMITED = () -> -1;
    }

    /**
     * Launches; returns when the program runs, or waits for {@code start} if the plan says so. Blocks until then.
     *
     * @throws StepFailure if a step was refused
     * @throws OverdueLaunch if its time was out before
     */
    Launched launch(Launch launch) {
        try (Fd filter = launch.plan().filter().map(filtering::file).orElse(null)) {
            return launch(launch, filter);
        }
    }

    private Launched launch(Launch launch, Fd filter) {
        try (Placeholder placeholder = new Placeholder(kernel, program)) {
            return launch(launch, filter, placeholder);
        }
    }

    private Launched launch(Launch launch, Fd filter, Placeholder placeholder) {
        RuntimePart part = new RuntimePart(kernel, program, launch, placeholder);
        part.prepare();
        Map<Slot, Fd> fds = launch.fds().get();
        if (filter != null) {
            fds.put(Slot.SECCOMP, filter);
        }
        if (fds.containsKey(Slot.REPORTS)) {
            return converse(launch, fds, part, Optional.empty());
        }
        try (FdPair pipe = kernel.pipe()) {
            fds.put(Slot.REPORTS, pipe.second());
            return converse(launch, fds, part, Optional.of(pipe));
        }
    }

    private Launched converse(Launch launch, Map<Slot, Fd> fds, RuntimePart part, Optional<FdPair> reports) {
        long killsBefore = OomKills.of(launch.plan().cgroups()); // an init may be killed before anything is said
        try (InitProcess init = InitProcess.start(kernel, program, orders(launch), fds, launch.preserved())) {
            reports.ifPresent(pipe -> pipe.second().close()); // its end is seen when no copy is left
            return new Conversation(kernel, launch, init, part, reports.map(FdPair::first), killsBefore).run();
        }
    }

    private static ByteBuffer orders(Launch launch) {
        try {
            return launch.plan().toBytes(launch.failAt());
        } catch (IllegalArgumentException e) { // too large, or a string that no C program can take
            throw new ContainerException(launch.operation(), ErrorKind.CONFIG, e.getMessage(), null, e);
        }
    }
}
