package dev.gantry.launch;

import dev.gantry.cgroup.OomKills;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.io.Launched;
import dev.gantry.io.OverdueLaunch;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.kernel.init.Speaker;
import dev.gantry.plan.PlannedStep;
import dev.gantry.proc.ProcessTable;
import dev.gantry.proc.Unkillable;
import dev.gantry.value.StepFailure;
import dev.gantry.wire.Report;
import dev.gantry.wire.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The exchange with one init, from its start to the start of the program. */
final class Conversation {
    private static final int END_MILLIS = 1_000; // from the closing of its descriptors on

    private final Kernel kernel;
    private final Launcher.Launch launch;
    private final InitProcess init;
    private final RuntimePart part;
    private final Optional<Fd> reports;
    private int pid;
    private Fd pidfd;
    private Fd console;
    private final List<String> cgroups;
    private final long killsBefore;
    private final Deque<InitProcess.Said> early = new ArrayDeque<>();
    private boolean executing;
    private boolean parked;

    Conversation(
            Kernel kernel,
            Launcher.Launch launch,
            InitProcess init,
            RuntimePart part,
            Optional<Fd> reports,
            long killsBefore) {
        this.kernel = kernel;
        this.launch = launch;
        this.init = init;
        this.part = part;
        this.reports = reports;
        this.cgroups = launch.plan().cgroups();
        this.killsBefore = killsBefore;
    }

    /**
     * Returns when the program runs, or waits for its start if the plan says so.
     *
     * @throws StepFailure if a step was refused
     * @throws OverdueLaunch if the time of the launch was out before
     */
    Launched run() {
        try {
            boolean created = false;
            Optional<InitProcess.Said> said = next();
            while (said.isPresent() && !created) {
                hear(said.get());
                created = parked && launch.plan().awaitsStart(); // what follows is the end of the socket, or a failure
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
     * Stage one and stage two speak on one socket. What stage two says is read only after stage one has
     * reported its pid: otherwise a stage two that fails at once could not be reaped.
     */
    private Optional<InitProcess.Said> next() {
        while (pidfd == null || early.isEmpty()) {
            Optional<InitProcess.Said> said = fromInit(() -> init.next(launch.left()));
            if (said.isEmpty()) {
                if (pidfd == null && !early.isEmpty() && early.peek().report().kind() != Report.Kind.FAILED) {
                    throw ended(); // stage one was killed before it reported stage two, which lives perhaps
                }
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
        String text =
                signal == 0 ? "gantry-init ended without a word" : "gantry-init was ended by " + Signal.nameOf(signal);
        if (signal == Signal.KILL.number() && OomKills.of(cgroups) > killsBefore) {
            return new ContainerException(
                    launch.operation(),
                    ErrorKind.KERNEL,
                    "memory ran out in the container's cgroup before its program began",
                    Hints.TOO_LITTLE_MEMORY,
                    null);
        }
        boolean byFilter = launch.plan().filter().isPresent() && (signal == 0 || signal == Signal.SYS.number());
        if (byFilter) {
            return new ContainerException(launch.operation(), ErrorKind.KERNEL, text, Hints.NEEDED_CALLS, null);
        }
        return new ContainerException(launch.operation(), signal == 0 ? ErrorKind.INTERNAL : ErrorKind.STATE, text);
    }

    /** An init that waits for the runtime ends by itself on a signal, with the status that a shell would tell. */
    private static int signalOf(ExitStatus status) {
        return status.signal() != 0 ? status.signal() : Math.max(0, status.code() - ExitStatus.SIGNALLED);
    }

    /** Returns how stage one ended; a stage two that it has made, but did not live to report, is known from here on. */
    private ExitStatus endOfStageOne() {
        init.findStageTwo().ifPresent(this::takeOver);
        return init.reapStageOne();
    }

    /** Takes over a child of ours that is not reaped; where no descriptor is left for it, ends it at once. */
    private void takeOver(int found) {
        try {
            pidfd = kernel.pidfd(found);
            pid = found;
        } catch (KernelException e) {
            kernel.kill(found, Signal.KILL);
            kernel.waitFor(found);
        }
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
        boolean mayHaveFd = report.kind() == Report.Kind.PID && pidfd == null
                || report.kind() == Report.Kind.CONSOLE && console == null;
        if (!mayHaveFd) {
            said.closeFd();
        }
        if (parked && !Reports.mayFollowReady(report, executing)) {
            throw Reports.falsified(launch.operation());
        }
        switch (report.kind()) {
            case PID -> {
                if (pidfd != null) { // sent once, by stage one: one that takes over stage two names no other
                    throw new ContainerException(
                            launch.operation(), ErrorKind.INTERNAL, "gantry-init reported two processes");
                }
                pid = (int) report.value();
                pidfd = said.fd().orElseThrow();
                init.listenTo(Speaker.becomingProgram(kernel, pidfd, () -> ProcessTable.hasBegun(pid)));
                init.reapStageOne(); // it ends at once; unreaped, it would count against a limit of pids
            }
            case SYNC -> part.perform(report.step(), init.stageOne(), pid, this::go);
            case READY -> {
                launch.onReady().accept(pid);
                parked = true;
                letGo();
            }
            case SECCOMP_LISTENER -> {
                handOver(report);
                go(List.of());
            }
            case CONSOLE -> {
                if (console == null) { // sent once
                    console = said.fd().orElseThrow();
                }
            }
            case EXEC -> executing = true;
            case FAILED -> throw failure(report);
        }
    }

    private ContainerException failure(Report report) {
        // before the first step, while it took over what it was given; from one that is ready it is false
        if (report.step() == Wire.NO_STEP && !parked) {
            return new ContainerException(
                    launch.operation(),
                    ErrorKind.KERNEL,
                    "%s: %s".formatted(report.text(), Errno.of(report.error()).describe()));
        }
        return Reports.failure(launch.operation(), launch.plan().steps(), report.step(), report);
    }

    /**
     * What a process reports after it is ready goes to the one that starts it: this one, unless it waits for a start.
     */
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
        init.endWithin(END_MILLIS); // a stage one that is stopped would never end by itself
        early.forEach(InitProcess.Said::closeFd);
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
