package dev.gantry.runtime;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.CgroupFiles;
import dev.gantry.cgroup.CgroupStats;
import dev.gantry.cgroup.ControllerDirs;
import dev.gantry.cgroup.Freezer;
import dev.gantry.cgroup.StatsReader;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.files.RawPath;
import dev.gantry.host.HostFacts;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Execution;
import dev.gantry.io.Launched;
import dev.gantry.io.NotifySocket;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.PlanCompiler;
import dev.gantry.plan.SourceMap;
import dev.gantry.proc.MountInfo;
import dev.gantry.proc.ProcessTable;
import dev.gantry.proc.RunningProcess;
import dev.gantry.rootfs.ContainerRoot;
import dev.gantry.store.ContainerState;
import dev.gantry.store.StateStore;
import dev.gantry.value.ContainerMount;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.ExecIo;
import dev.gantry.value.ExecResult;
import dev.gantry.value.MemoryPressure;
import dev.gantry.value.Stdio;
import dev.gantry.value.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * A container: a handle that any number of threads and processes may hold at once.
 *
 * <p>It keeps nothing that could be stale: what it answers is read when it is asked. Methods that change the container
 * hold its lock while they do.
 */
public final class Container {
    private final Gantry gantry;
    private final Kernel kernel;
    private final StateStore store;
    private final String id;
    private final Definition definition;
    private final LaunchPlan plan;
    private final ContainerProcess process;

    /** Whether the config that is kept says more than the definition. */
    private volatile boolean updated;

    /** The handle of a container that this process has made. */
    Container(Gantry gantry, String id, Definition definition, LaunchPlan plan, ContainerProcess process) {
        this.gantry = gantry;
        this.kernel = gantry.kernel();
        this.store = gantry.store();
        this.id = id;
        this.definition = definition;
        this.plan = plan;
        this.process = process;
    }

    /** The handle of a container that somebody has made. */
    Container(Gantry gantry, String id) {
        this(gantry, id, null, null, null);
    }

    /** Returns the id. */
    public String id() {
        return id;
    }

    /**
     * Returns what is recorded about the container.
     *
     * @throws ContainerException of kind NOT_FOUND if it is gone, or has only begun to be made
     */
    public ContainerState state() {
        return store.readState(id).orElseThrow(() -> StateStore.missing(id));
    }

    /** Returns in which state of its life the container is now. */
    public ContainerStatus status() {
        return statusOf(state());
    }

    ContainerStatus statusOf(ContainerState state) {
        if (state.pid() == 0) {
            return ContainerStatus.CREATING;
        }
        if (!ProcessTable.isAlive(state.pid(), state.pidStart())) {
            return ContainerStatus.STOPPED;
        }
        if (freezer(state).isFrozen()) {
            return ContainerStatus.PAUSED;
        }
        return Files.exists(store.dir(id).resolve(StateStore.EXEC_FIFO))
                ? ContainerStatus.CREATED
                : ContainerStatus.RUNNING;
    }

    Freezer freezer(ContainerState state) {
        return new Freezer(kernel, dirs(state));
    }

    /**
     * Lets killed processes go on that somebody has moved into a frozen cgroup of another, or that the container has frozen
     * in one of its own: they could not end there.
     *
     * @return a cgroup above such a one that keeps a process frozen all the same
     */
    Optional<String> thawElsewhere(ContainerState state) {
        new Cgroup(kernel, state.cgroups()).thaw(); // the kernel tells no path as long as one below it may be
        Optional<String> frozen = Optional.empty();
        for (int pid : processes(state)) {
            Freezer freezer =
                    new Freezer(kernel, ControllerDirs.ofProcess(gantry.host().cgroups(), pid));
            freezer.thawIfFrozen();
            frozen = frozen.or(freezer::frozenBy);
        }
        return frozen;
    }

    /** The first process is one of them wherever it was moved. */
    private List<Integer> processes(ContainerState state) {
        return Stream.concat(Stream.of(state.pid()), new Cgroup(kernel, state.cgroups()).pids().stream())
                .distinct()
                .toList();
    }

    private ControllerDirs dirs(ContainerState state) {
        return ControllerDirs.of(gantry.host().cgroups(), state.cgroups());
    }

    /** Returns the config it was made from. */
    public OciConfig config() {
        return definition == null || updated ? store.readConfig(id) : definition.config();
    }

    /** Returns the plan by which its first process was launched, or would be launched on this machine now. */
    public LaunchPlan plan() {
        return plan != null ? plan : compiled(options());
    }

    /** The plan whose step numbers a process that waits for {@code start} reports. */
    LaunchPlan planAsCreated() {
        return plan != null ? plan : compiled(options().awaitingStart());
    }

    private LaunchPlan compiled(LaunchOptions options) {
        OciConfig config = config();
        return PlanCompiler.compile(config, sources(), HostFacts.withViewFor(config, gantry.host()), options);
    }

    /**
     * Begins to listen to what the container tells by sd_notify(3), if it was made to tell it and has not started. The
     * caller closes the socket.
     *
     * @param to to whom it is passed on: a path, or {@code @} and a name, as in {@code NOTIFY_SOCKET}
     * @throws KernelException if nobody listens there
     */
    public Optional<NotifySocket> notifications(String to) {
        Path dir = store.dir(id);
        return NotifySocket.isPrepared(dir) && status() == ContainerStatus.CREATED
                ? Optional.of(NotifySocket.listen(
                        kernel, dir, openAlive(state(), "start `%s`: container not running".formatted(id)), to))
                : Optional.empty();
    }

    /** Returns its first process, if this process has launched it. */
    public Optional<ContainerProcess> process() {
        return Optional.ofNullable(process);
    }

    private SourceMap sources() {
        return definition == null ? SourceMap.NONE : definition.sources();
    }

    private LaunchOptions options() {
        return LaunchOptions.of(id, state().bundle(), RawPath.text(store.scratch(id)));
    }

    /**
     * Lets the first process of a created container become its program. Blocks until it has, or has failed to.
     *
     * @throws StateException if the container is not in state {@code created}
     * @throws StepFailure if the program cannot be executed
     */
    public void start() {
        store.locked(id, () -> {
            ContainerState state = state();
            switch (statusOf(state)) {
                case CREATED -> new Start(kernel, store, this, state).run();
                case RUNNING, PAUSED ->
                    throw new StateException("start `%s`: cannot start an already running container".formatted(id));
                case STOPPED ->
                    throw new StateException("start `%s`: cannot start a container that has stopped".formatted(id));
                case CREATING ->
                    throw new StateException(
                            "start `%s`: the container was not made to the end".formatted(id), "delete it");
            }
        });
        poststart("start `%s`".formatted(id));
    }

    /**
     * Runs the hooks that follow the start; if one fails, nothing is left of the container.
     *
     * @throws HookFailure if one fails
     */
    void poststart(String operation) {
        if (!hasHooks(HookPoint.POSTSTART)) {
            return;
        }
        ContainerState state = state();
        try {
            hooks(state).runAll(operation, HookPoint.POSTSTART, state.pid());
        } catch (Throwable e) { // a callback may throw anything
            try {
                delete(true);
            } catch (RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    /** Answers whether there are such hooks; where its definition is not at hand, the state tells. */
    boolean hasHooks(HookPoint point) {
        return definition == null
                ? state().lateHooks().contains(point)
                : !point.of(definition.config()).isEmpty()
                        || !definition.callbacks(point).isEmpty();
    }

    ContainerHooks hooks(ContainerState state) {
        Definition made =
                definition != null ? definition : Definition.of(store.readConfig(id), RawPath.of(state.bundle()));
        return new ContainerHooks(
                gantry.hookRunner(), made, state.forHooks(made.config().ociVersion()));
    }

    /**
     * Runs a program in the container to its end, as the config's user, and collects what it writes. Blocks.
     *
     * @throws StepFailure if it cannot be executed, with kind COMMAND_NOT_FOUND or COMMAND_NOT_EXECUTABLE
     */
    public ExecResult exec(String... args) {
        return exec(processFor(List.of(args)));
    }

    /** Runs a process in the container to its end and collects what it writes. Blocks. */
    public ExecResult exec(Process added) {
        return exec(added, ExecIo.DEFAULT);
    }

    /**
     * Does the same with a time limit, and with streams. Blocks.
     *
     * @throws TimeoutFailure if the process was killed because its time was out
     * @throws StateException if the calling thread is interrupted, which kills the process
     */
    public ExecResult exec(Process added, ExecIo options) {
        return begin(added, options).await();
    }

    /** Launches a process that somebody must wait for with {@link Execution#await}. */
    public Execution begin(Process added, ExecIo options) {
        return begin(added, options, Execution.Ends.OWN);
    }

    Execution begin(Process added, ExecIo options, Execution.Ends ends) {
        return Execution.begin(
                kernel,
                id,
                added.args(),
                options,
                ends,
                (stdio, left) -> launch(added, stdio, ExecOptions.DEFAULT, left));
    }

    Kernel kernel() {
        return kernel;
    }

    /** Starts a process in the container; returns when it is its program. */
    public ContainerProcess spawn(Process added, Stdio stdio) {
        return spawn(added, stdio, ExecOptions.DEFAULT);
    }

    /** As {@link #spawn(Process, Stdio)}, in an uncustomary way; waits for a container that is paused, if that may be. */
    public ContainerProcess spawn(Process added, Stdio stdio, ExecOptions how) {
        return gantry.process(launch(added, stdio, how, Launcher.Launch.UNLIMITED));
    }

    /** Returns the process of the config with other arguments and without a terminal: what {@code exec} runs. */
    public Process processFor(List<String> args) {
        Process own = config().process();
        Process.Builder builder = own == null ? Process.builder().cwd("/") : own.toBuilder();
        return builder.args(args).terminal(false).consoleSize(null).build();
    }

    private Launched launch(Process added, Stdio stdio, ExecOptions how, IntSupplier left) {
        ContainerState state = state();
        ContainerStatus status = statusOf(state);
        if (status == ContainerStatus.STOPPED || status == ContainerStatus.CREATING) {
            throw new StateException("exec in `%s`: cannot exec in a stopped container".formatted(id));
        }
        if (status == ContainerStatus.PAUSED && !how.whilePaused()) {
            throw new StateException(
                    "exec in `%s`: cannot exec in a paused container".formatted(id), "resume it first");
        }
        return new Addition(gantry, this, state).launch(added, stdio, how, options(), left);
    }

    /**
     * Sends a signal to the first process. {@code KILL} ends all others with it, even paused ones: the kernel sees to that
     * in a pid namespace of the container's own, and where it has none all of its cgroup is killed.
     *
     * @throws StateException if it has ended, unless it has no pid namespace of its own and the signal is {@code KILL}
     * @throws KernelException {@code EBUSY} if a process does not end
     */
    public void kill(int signal) {
        if (!killIfRunning(signal)) {
            throw new StateException("kill `%s`: container not running".formatted(id));
        }
    }

    /**
     * Does the same, for a caller who wants the container ended, however that comes about.
     *
     * @return whether there was a process to send the signal to
     */
    public boolean killIfRunning(int signal) {
        ContainerState state = state();
        boolean whole = signal == Signal.KILL.number() && sharesPids();
        try (Fd pidfd = open(state)) {
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
            freezer(state).thawIfFrozen();
            thawElsewhere(state);
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
            linux = config().linux();
        } catch (ContainerException e) {
            return true; // what is not known may be
        }
        return linux == null
                || linux.namespaces().stream()
                        .noneMatch(namespace -> namespace.type() == NamespaceType.PID && namespace.path() == null);
    }

    /**
     * Sends a signal to all processes in the container's cgroup, whether the first one still runs or not. One that ends
     * meanwhile gets none, and one that begins meanwhile may get none.
     */
    public void killAll(int signal) {
        for (int pid : processes()) {
            try {
                kernel.kill(pid, signal);
            } catch (KernelException e) {
                if (e.errno() != Errno.ESRCH) {
                    throw e;
                }
            }
        }
    }

    /**
     * Stops all processes of the container where they are. Blocks until they stand still; does nothing if they do.
     *
     * @throws StateException if the container does not run
     * @throws KernelException {@code EBUSY} if a process cannot be stopped, {@code ENODEV} without a freezer
     */
    public void pause() {
        whileAlive("pause", state -> {
            freezer(state).freeze();
            if (ProcessTable.isKilled(state.pid())) { // by somebody who looked whether it is frozen before it was
                freezer(state).thaw();
                throw new StateException("pause `%s`: container not running".formatted(id));
            }
        });
    }

    /**
     * Lets paused processes go on.
     *
     * @throws StateException if the container is not paused
     */
    public void resume() {
        store.locked(id, () -> {
            if (status() != ContainerStatus.PAUSED) {
                throw new StateException("resume `%s`: container not paused".formatted(id));
            }
            freezer(state()).thaw();
        });
    }

    private void whileAlive(String operation, Consumer<ContainerState> action) {
        store.locked(id, () -> {
            ContainerState state = state();
            ContainerStatus status = statusOf(state);
            if (status == ContainerStatus.STOPPED || status == ContainerStatus.CREATING) {
                throw new StateException("%s `%s`: container not running".formatted(operation, id));
            }
            action.accept(state);
        });
    }

    /** Returns its files as it sees them; each call needs the container to run. */
    public ContainerRoot root() {
        return new ContainerRoot(kernel, id, this::state);
    }

    /** Returns what the container's cgroup has used so far; zeros where it has none. */
    public CgroupStats stats() {
        return new StatsReader(dirs(state())).read();
    }

    /** Returns the pids of all its processes as this process sees them, those in cgroups of its own making too, sorted. */
    public List<Integer> processes() {
        return new Cgroup(kernel, state().cgroups()).pids().stream().sorted().toList();
    }

    /** Returns all its processes as they are now, by pid. */
    public List<RunningProcess> ps() {
        return processes().stream()
                .map(RunningProcess::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Returns the mounts as its first process sees them.
     *
     * @throws StateException if it does not run
     */
    public List<ContainerMount> mounts() {
        try {
            return MountInfo.of(Integer.toString(state().pid())).stream()
                    .map(mount -> new ContainerMount(mount.point(), mount.type(), mount.source(), mount.allOptions()))
                    .toList();
        } catch (IOException e) {
            throw new StateException("mounts of `%s`: container not running".formatted(id));
        }
    }

    /** Returns the control files of its cgroup. */
    public CgroupFiles cgroupFiles() {
        return new CgroupFiles(kernel, dirs(state()));
    }

    /**
     * Changes limits; what {@code changes} does not say stays. All are changed or none.
     *
     * @throws dev.gantry.error.ConfigException if they make no sense, or this machine has no controller for one
     * @throws ContainerException of kind KERNEL if the kernel refuses one
     * @throws StateException if the container does not run
     */
    public void update(Resources changes) {
        whileAlive("update", state -> {
            LimitUpdate update = new LimitUpdate(gantry, id, dirs(state), state.unit());
            OciConfig before = config();
            store.writeConfig(id, update.changed(before, changes), () -> update.apply(before, changes));
            updated = true;
        });
    }

    /**
     * Calls {@code action} whenever memory runs out in the container, on a thread that all containers share.
     *
     * @return ends the calls when it is closed; they end by themselves with the container
     */
    public Subscription onOom(Runnable action) {
        return gantry.memoryEvents().onOom(dirs(state()), action);
    }

    /** Calls {@code action} whenever the container's memory comes under pressure; otherwise as {@link #onOom}. */
    public Subscription onMemoryPressure(MemoryPressure level, Runnable action) {
        return gantry.memoryEvents().onPressure(dirs(state()), level, action);
    }

    /** Opens the first process and only then makes sure that it is still that one. */
    Fd open(ContainerState state) {
        if (state.pid() == 0) {
            throw new KernelException("pidfd_open", id, Errno.ESRCH);
        }
        Fd pidfd = kernel.pidfd(state.pid());
        if (!ProcessTable.isAlive(state.pid(), state.pidStart())) {
            pidfd.close();
            throw new KernelException("pidfd_open", id, Errno.ESRCH);
        }
        return pidfd;
    }

    /** Does the same for what needs that process; if it is gone, the failure has the message {@code otherwise}. */
    Fd openAlive(ContainerState state, String otherwise) {
        try {
            return open(state);
        } catch (KernelException e) {
            throw e.errno() == Errno.ESRCH ? new StateException(otherwise) : e;
        }
    }

    /**
     * Waits for the first process to end. Blocks.
     *
     * @return empty if it was launched by another process, to which alone the kernel tells the status
     */
    public Optional<ExitStatus> waitFor() {
        if (process != null) {
            return Optional.of(process.waitFor());
        }
        awaitEnd(state());
        return Optional.empty();
    }

    /** Blocks until the first process has ended, whoever reaps it. */
    void awaitEnd(ContainerState state) {
        try (Fd pidfd = open(state)) {
            kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, -1);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /** Returns a future that completes when the first process has ended; empty as for {@link #waitFor()}. */
    public CompletableFuture<Optional<ExitStatus>> exit() {
        return process != null ? process.exit().thenApply(Optional::of) : CompletableFuture.supplyAsync(this::waitFor);
    }

    /** Lets the container outlive the process that it belongs to; see {@link CreateOptions#leasing}. */
    public void release() {
        store.removeLease(id);
    }

    /**
     * Removes the container and everything that was made for it: processes, cgroups, files; then runs its poststop
     * hooks, whose failures are warnings. Blocks.
     *
     * @param force whether a container that still runs is killed; if not, that is an error
     * @throws StateException if it runs and {@code force} is false
     * @throws ContainerException of kind NOT_FOUND if there is no such container
     */
    public void delete(boolean force) {
        new Deletion(gantry, this).run(force);
    }

    /**
     * Does the same if the process that the container belonged to is gone, and returns whether it is; an id that was
     * given again meanwhile is left alone.
     */
    boolean deleteAbandoned() {
        return new Deletion(gantry, this).run(true, () -> store.isAbandoned(id));
    }

    @Override
    public String toString() {
        return "container `%s`".formatted(id);
    }

    /** Returns the error for a container whose first process has ended before it was started. */
    static ContainerException ended(String operation) {
        return new ContainerException(
                ErrorKind.STATE, operation + ": the container's first process has ended before it was started");
    }
}
