package dev.gantry.runtime;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.DeviceGuard;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.RuntimeActions;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.UnitProperty;
import dev.gantry.systemd.Systemd;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Carries a launch plan out: performs the runtime's steps and talks to {@code gantry-init}, which performs the others.
 *
 * <p>A launch that fails leaves no process; cgroups and files are the caller's to remove. Thread-safe: each launch is
 * a conversation of its own.
 */
final class Launcher {
    private static final int SIGKILL = 9;

    private final Kernel kernel;
    private final InitBinary program;
    private final Filtering filtering;

    Launcher(Kernel kernel, InitBinary program, Filtering filtering) {
        this.kernel = kernel;
        this.program = program;
        this.filtering = filtering;
    }

    /**
     * A process that was launched. The descriptors are the receiver's.
     *
     * @param console the host side of its terminal, if it has one
     */
    record Launched(int pid, Fd pidfd, Optional<Fd> console) {}

    /**
     * One launch: what is to be done, with what, and whom to tell.
     *
     * @param fds asked for once the preparing steps are done; stay the caller's
     * @param preserved what the program finds as descriptors 3 and up; stay the caller's
     * @param onReady told the pid when the process has but to start
     * @param onListener told the pid and the listener when the process has a seccomp filter that asks an agent
     */
    record Launch(
            String operation,
            LaunchPlan plan,
            OptionalInt failAt,
            Supplier<Map<Slot, Fd>> fds,
            List<Fd> preserved,
            IntConsumer onReady,
            ObjIntConsumer<Fd> onListener,
            Optional<ContainerHooks> hooks) {}

    /**
     * Launches; returns when the program runs, or waits for {@code start} if the plan says so. Blocks until then.
     *
     * @throws StepFailure if a step was refused
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
        for (int i = 0; i < launch.plan().preparation(); i++) {
            perform(launch, i, new Actions(launch, placeholder, OptionalInt.empty(), 0));
        }
        Map<Slot, Fd> fds = launch.fds().get();
        if (filter != null) {
            fds.put(Slot.SECCOMP, filter);
        }
        try (InitProcess init = InitProcess.start(kernel, program, orders(launch), fds, launch.preserved())) {
            return new Conversation(launch, init, placeholder).run();
        }
    }

    private static ByteBuffer orders(Launch launch) {
        try {
            return launch.plan().toBytes(launch.failAt());
        } catch (IllegalArgumentException e) { // too large, or a string that no C program can take
            throw new ContainerException(ErrorKind.CONFIG, launch.operation() + ": " + e.getMessage(), e);
        }
    }

    private void perform(Launch launch, int index, Actions actions) {
        PlannedStep planned = launch.plan().steps().get(index);
        try {
            if (launch.failAt().isPresent() && launch.failAt().getAsInt() == index) {
                throw new KernelException("injected failure", "", Errno.EIO);
            }
            ((RuntimeStep) planned.step()).perform(actions);
        } catch (KernelException e) {
            String call = e.call().equals("mkdir") || e.call().equals("write") ? "" : e.call();
            throw StepFailure.of(launch.operation(), planned, call, e.errno(), e);
        }
    }

    /** The runtime's part of a plan. */
    private final class Actions implements RuntimeActions {
        private final Launch launch;
        private final Placeholder placeholder;
        private final OptionalInt stageOne;
        private final int pid;
        private final List<Fd> given = new ArrayList<>();

        /** Creates the actions of one step: for the init's stage one, or for the process of this pid. */
        Actions(Launch launch, Placeholder placeholder, OptionalInt stageOne, int pid) {
            this.launch = launch;
            this.placeholder = placeholder;
            this.stageOne = stageOne;
            this.pid = pid;
        }

        /** Lets the init go on with what the step has made for it. */
        void finish(InitProcess init) {
            try {
                init.go(given);
            } finally {
                given.forEach(Fd::close);
            }
        }

        @Override
        public void runHook(HookPoint point, int index, Hook hook) {
            launch.hooks().orElseThrow().run(launch.operation(), point, index, hook, pid);
        }

        @Override
        public void runCallbacks(HookPoint point) {
            launch.hooks().orElseThrow().call(launch.operation(), point, pid);
        }

        @Override
        public void giveState(HookPoint point) {
            given.add(launch.hooks().orElseThrow().document(point, pid));
        }

        @Override
        public void startUnit(String name, List<UnitProperty> properties) {
            try (Systemd systemd = Systemd.connect()) {
                systemd.startScope(name, properties, placeholder.pid());
            }
        }

        @Override
        public void makeCgroup(CgroupHierarchy hierarchy, String dir, List<String> handDown) {
            Cgroup.make(kernel, hierarchy, dir, handDown, placeholder.pids());
        }

        @Override
        public void writeCgroup(String file, String value) {
            Cgroup.write(kernel, file, value);
        }

        @Override
        public void guardDevices(String dir, List<DeviceRule> rules) {
            new DeviceGuard(kernel, dir).set(rules);
        }

        @Override
        public void writeIdMaps(RuntimeStep.WriteIdMaps maps) {
            new IdMaps(kernel, program).write(stageOne.orElseThrow(), maps);
        }
    }

    /** The exchange with one init, from its start to the start of the program. */
    private final class Conversation {
        private final Launch launch;
        private final InitProcess init;
        private final Placeholder placeholder;
        private int pid;
        private Fd pidfd;
        private Fd console;
        private final Deque<InitProcess.Said> early = new ArrayDeque<>();
        private boolean executing;
        private boolean parked;

        Conversation(Launch launch, InitProcess init, Placeholder placeholder) {
            this.launch = launch;
            this.init = init;
            this.placeholder = placeholder;
        }

        Launched run() {
            try {
                Optional<InitProcess.Said> said = next();
                while (said.isPresent()) {
                    hear(said.get());
                    said = next();
                }
                if (!executing && !(parked && launch.plan().awaitsStart())) {
                    throw ended();
                }
                init.reapStageOne();
                return new Launched(pid, pidfd, Optional.ofNullable(console));
            } catch (Throwable e) { // a callback may throw anything
                abandon();
                throw e;
            }
        }

        /**
         * Stage one and stage two speak on one socket. What stage two says is heard only once stage one has told who
         * it is: or a stage two that fails at once could not be reaped.
         */
        private Optional<InitProcess.Said> next() {
            while (pidfd == null || early.isEmpty()) {
                Optional<InitProcess.Said> said = init.next();
                if (said.isEmpty()) {
                    return Optional.ofNullable(early.poll());
                }
                boolean ofStageTwo = said.get().report().step() > launch.plan().cloneStep();
                if (pidfd != null || !ofStageTwo) {
                    return said;
                }
                early.add(said.get());
            }
            return Optional.of(early.poll());
        }

        private ContainerException ended() {
            String message = "%s: gantry-init ended without a word".formatted(launch.operation());
            return launch.plan().filter().isEmpty()
                    ? new ContainerException(ErrorKind.INTERNAL, message)
                    : new ContainerException(ErrorKind.KERNEL, message, Hints.NEEDED_CALLS, null);
        }

        private void hear(InitProcess.Said said) {
            Report report = said.report();
            switch (report.kind()) {
                case PID -> {
                    pid = (int) report.value();
                    pidfd = said.fd().orElseThrow();
                }
                case SYNC -> {
                    Actions actions = new Actions(launch, placeholder, OptionalInt.of(init.stageOne()), pid);
                    perform(launch, report.step(), actions);
                    actions.finish(init);
                }
                case READY -> {
                    launch.onReady().accept(pid);
                    parked = true;
                    init.go(List.of());
                }
                case SECCOMP_LISTENER -> {
                    handOver(report);
                    init.go(List.of());
                }
                case CONSOLE -> console = said.fd().orElseThrow();
                case EXEC -> executing = true;
                case FAILED ->
                    throw StepFailure.reported(
                            launch.operation(), launch.plan().steps().get(report.step()), report);
            }
        }

        /** By taking a copy: a filter may refuse the call by which the init could send one. */
        private void handOver(Report report) {
            try (Fd listener = kernel.copyFrom(pidfd, (int) report.value())) {
                launch.onListener().accept(listener, pid);
            } catch (KernelException e) {
                PlannedStep step = launch.plan().steps().get(report.step());
                throw StepFailure.of(launch.operation(), step, e.call(), e.errno(), e);
            }
        }

        private void abandon() {
            init.close();
            if (console != null) {
                console.close();
            }
            if (pidfd == null) {
                return;
            }
            try (Fd dying = pidfd) {
                kernel.signal(dying, SIGKILL);
                kernel.waitFor(pid);
            } catch (KernelException e) {
                return; // it was quicker
            }
        }
    }
}
