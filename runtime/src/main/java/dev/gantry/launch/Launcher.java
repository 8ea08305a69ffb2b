package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.DeviceGuard;
import dev.gantry.cgroup.OomKills;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.io.Launched;
import dev.gantry.io.OverdueLaunch;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.kernel.init.Speaker;
import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.RuntimeActions;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.UnitProperty;
import dev.gantry.proc.ProcessTable;
import dev.gantry.proc.Unkillable;
import dev.gantry.systemd.Systemd;
import dev.gantry.value.StepFailure;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import dev.gantry.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
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
    private static final int END_MILLIS = 1_000; // from the closing of its descriptors on

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
     * @param onReady told the pid when the process has but to start
     * @param onListener told the pid and the listener when the process has a seccomp filter that asks an agent
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
        for (int i = 0; i < launch.plan().preparation(); i++) {
            perform(launch, i, new Actions(launch, placeholder, OptionalInt.empty(), 0));
        }
        Map<Slot, Fd> fds = launch.fds().get();
        if (filter != null) {
            fds.put(Slot.SECCOMP, filter);
        }
        if (fds.containsKey(Slot.REPORTS)) {
            return converse(launch, fds, placeholder, Optional.empty());
        }
        try (FdPair pipe = kernel.pipe()) {
            fds.put(Slot.REPORTS, pipe.second());
            return converse(launch, fds, placeholder, Optional.of(pipe));
        }
    }

    private Launched converse(Launch launch, Map<Slot, Fd> fds, Placeholder placeholder, Optional<FdPair> reports) {
        long killsBefore = OomKills.of(launch.plan().cgroups()); // an init may be killed before anything is said
        try (InitProcess init = InitProcess.start(kernel, program, orders(launch), fds, launch.preserved())) {
            reports.ifPresent(pipe -> pipe.second().close()); // its end is seen when no copy is left
            return new Conversation(launch, init, placeholder, reports.map(FdPair::first), killsBefore).run();
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
            throw StepFailures.of(launch.operation(), planned, call, e.errno(), e);
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
        void finish(Consumer<List<Fd>> go) {
            try {
                go.accept(given);
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
        private final Optional<Fd> reports;
        private int pid;
        private Fd pidfd;
        private Fd console;
        private final List<String> cgroups;
        private final long killsBefore;
        private final Deque<InitProcess.Said> early = new ArrayDeque<>();
        private boolean executing;
        private boolean parked;

        Conversation(Launch launch, InitProcess init, Placeholder placeholder, Optional<Fd> reports, long killsBefore) {
            this.launch = launch;
            this.init = init;
            this.placeholder = placeholder;
            this.reports = reports;
            this.cgroups = launch.plan().cgroups();
            this.killsBefore = killsBefore;
        }

        Launched run() {
            try {
                boolean created = false;
                Optional<InitProcess.Said> said = next();
                while (said.isPresent() && !created) {
                    hear(said.get());
                    created = parked
                            && launch.plan().awaitsStart(); // what follows is the end of the socket, or a failure
                    said = created ? Optional.empty() : next();
                }
                if (created) {
                    fromInit(() -> init.awaitClosing(END_MILLIS)).ifPresent(this::hear);
                } else if (!executing && !(pidfd != null && ProcessTable.hasBegun(pid))) {
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
                Optional<InitProcess.Said> said = fromInit(() -> init.next(launch.left()));
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

        private Optional<InitProcess.Said> fromInit(Supplier<Optional<InitProcess.Said>> next) {
            try {
                return next.get();
            } catch (IllegalArgumentException e) {
                throw Reports.falsified(launch.operation());
            } catch (KernelException e) {
                if (e.errno() != Errno.ETIMEDOUT) {
                    throw e;
                }
                init.endWithin(END_MILLIS);
                throw new OverdueLaunch(launch.operation());
            }
        }

        private ContainerException ended() {
            int signal = (pidfd == null ? Optional.of(endOfStageOne()) : status())
                    .map(Conversation::signalOf)
                    .orElse(0);
            String message = launch.operation()
                    + (signal == 0
                            ? ": gantry-init ended without a word"
                            : ": gantry-init was ended by " + Signal.nameOf(signal));
            if (signal == Signal.KILL.number() && OomKills.of(cgroups) > killsBefore) {
                return new ContainerException(
                        ErrorKind.KERNEL,
                        launch.operation() + ": memory ran out in the container's cgroup before its program began",
                        Hints.TOO_LITTLE_MEMORY,
                        null);
            }
            boolean byFilter = launch.plan().filter().isPresent() && (signal == 0 || signal == Signal.SYS.number());
            if (byFilter) {
                return new ContainerException(ErrorKind.KERNEL, message, Hints.NEEDED_CALLS, null);
            }
            return new ContainerException(signal == 0 ? ErrorKind.INTERNAL : ErrorKind.STATE, message);
        }

        /** An init that waits for the runtime ends by itself on a signal, with the status that a shell would tell. */
        private static int signalOf(ExitStatus status) {
            return status.signal() != 0 ? status.signal() : Math.max(0, status.code() - ExitStatus.SIGNALLED);
        }

        /** Returns how stage one ended; a stage two that it has made, but did not live to report, is known from here on. */
        private ExitStatus endOfStageOne() {
            init.findStageTwo().ifPresent(found -> {
                pid = found;
                pidfd = kernel.pidfd(found); // a child of ours that is not reaped, so it is that one
            });
            return init.reapStageOne();
        }

        /** Returns how stage two ended; empty if it is still there though it has nothing more to say. */
        private Optional<ExitStatus> status() {
            boolean over = kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, END_MILLIS)[0] != 0;
            return over ? Optional.of(kernel.waitFor(pid)) : Optional.empty();
        }

        /** @throws ContainerException if the init is gone: somebody has killed it */
        private void go(List<Fd> fds) {
            try {
                init.go(fds);
            } catch (KernelException e) {
                throw e.errno() == Errno.EPIPE ? ended() : e;
            }
        }

        private void hear(InitProcess.Said said) {
            Report report = said.report();
            if (parked && !Reports.mayFollowReady(report, executing)) {
                throw Reports.falsified(launch.operation());
            }
            switch (report.kind()) {
                case PID -> {
                    if (pidfd != null) { // from stage one and once; whoever gets hold of stage two names nobody to be
                        // killed
                        throw new ContainerException(
                                ErrorKind.INTERNAL,
                                "%s: gantry-init reported two processes".formatted(launch.operation()));
                    }
                    pid = (int) report.value();
                    pidfd = said.fd().orElseThrow();
                    init.listenTo(Speaker.becomingProgram(kernel, pidfd, () -> ProcessTable.hasBegun(pid)));
                    init.reapStageOne(); // it ends at once; unreaped, it would count against a limit of pids
                }
                case SYNC -> {
                    Actions actions = new Actions(launch, placeholder, OptionalInt.of(init.stageOne()), pid);
                    perform(launch, report.step(), actions);
                    actions.finish(this::go);
                }
                case READY -> {
                    launch.onReady().accept(pid);
                    parked = true;
                    letGo();
                }
                case SECCOMP_LISTENER -> {
                    handOver(report);
                    go(List.of());
                }
                case CONSOLE -> console = said.fd().orElseThrow();
                case EXEC -> executing = true;
                case FAILED -> throw failure(report);
            }
        }

        private ContainerException failure(Report report) {
            // before the first step, while it took over what it was given; from one that is ready it is false
            if (report.step() == Wire.NO_STEP && !parked) {
                return new ContainerException(
                        ErrorKind.KERNEL,
                        "%s: %s: %s"
                                .formatted(
                                        launch.operation(),
                                        report.text(),
                                        Errno.of(report.error()).describe()));
            }
            return Reports.failure(launch.operation(), launch.plan().steps(), report.step(), report);
        }

        /** What a process reports after it is ready goes to whoever starts it; that is us, unless it waits for a start. */
        private void letGo() {
            go(List.of());
            reports.ifPresent(init::listenTo);
        }

        /** By taking a copy: a filter may refuse the call by which the init could send one. */
        private void handOver(Report report) {
            try (Fd listener = kernel.copyFrom(pidfd, (int) report.value())) {
                launch.onListener().accept(listener, pid);
            } catch (KernelException e) {
                PlannedStep step = launch.plan().steps().get(report.step());
                throw StepFailures.of(launch.operation(), step, e.call(), e.errno(), e);
            }
        }

        private void abandon() {
            init.closeSocket();
            if (pidfd == null) {
                endOfStageOne();
            }
            init.close();
            if (console != null) {
                console.close();
            }
            if (pidfd == null) {
                return;
            }
            boolean left = false;
            try {
                kernel.signal(pidfd, Signal.KILL);
                left = !Unkillable.hasEnded(kernel, pidfd); // such as in a cgroup that was frozen meanwhile
                if (!left) {
                    kernel.waitFor(pid);
                }
            } catch (KernelException e) {
                return; // it was quicker
            } finally {
                if (left) {
                    Unkillable.leave(() -> reap(kernel, pidfd));
                } else {
                    pidfd.close();
                }
            }
        }

        private static void reap(Kernel kernel, Fd dying) {
            try (Fd one = dying) {
                kernel.poll(List.of(one), new int[] {Kernel.POLLIN}, -1);
                kernel.reap(one);
            }
        }
    }
}
