package dev.gantry.runtime;

import dev.gantry.cgroup.CgroupFiles;
import dev.gantry.cgroup.ControllerDirs;
import dev.gantry.cgroup.LimitHits;
import dev.gantry.cgroup.StatsReader;
import dev.gantry.error.ContainerException;
import dev.gantry.error.StateException;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Execution;
import dev.gantry.io.MemoryEvents;
import dev.gantry.io.PortForwarder;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.TcpSockets;
import dev.gantry.launch.Addition;
import dev.gantry.launch.Deletion;
import dev.gantry.launch.Handle;
import dev.gantry.launch.Killing;
import dev.gantry.launch.LimitUpdate;
import dev.gantry.launch.NetworkSockets;
import dev.gantry.launch.Start;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
import dev.gantry.proc.MountInfo;
import dev.gantry.proc.ProcessStatus;
import dev.gantry.proc.ProcessTable;
import dev.gantry.rootfs.ContainerRoot;
import dev.gantry.store.StateStore;
import dev.gantry.value.AddedProcess;
import dev.gantry.value.CgroupStats;
import dev.gantry.value.ContainerMount;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.ControlFiles;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.ExecIo;
import dev.gantry.value.ExecOptions;
import dev.gantry.value.ExecResult;
import dev.gantry.value.ForwardedPort;
import dev.gantry.value.MemoryPressure;
import dev.gantry.value.RootFiles;
import dev.gantry.value.RunningProcess;
import dev.gantry.value.StepFailure;
import dev.gantry.value.Subscription;
import dev.gantry.value.TimeoutFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A container: a handle that any number of threads and processes may hold at once.
 *
 * <p>It keeps nothing that could be stale: what it answers is read when it is asked. Methods that change the container
 * hold its lock while they do.
 */
public final class Container {
    private final Handle handle;
    private final Kernel kernel;
    private final StateStore store;
    private final String id;
    private final MemoryEvents memoryEvents;
    private final ContainerOutput output;

    /**
     * @param memoryEvents watches the memory of all containers; stays the caller's
     * @param output what the first process writes; null if that is no concern of this object
     */
    Container(Handle handle, MemoryEvents memoryEvents, ContainerOutput output) {
        this.handle = handle;
        this.kernel = handle.machinery().kernel();
        this.store = handle.machinery().store();
        this.id = handle.id();
        this.memoryEvents = memoryEvents;
        this.output = output;
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
        return handle.state();
    }

    /** Returns in which state of its life the container is now. */
    public ContainerStatus status() {
        return handle.status();
    }

    /** Returns the config it was made from. */
    public OciConfig config() {
        return handle.config();
    }

    /** Returns how its first process has ended; empty if it runs, or was launched by another process. */
    public Optional<ExitStatus> exitStatus() {
        return handle.process().map(process -> process.exit().getNow(null));
    }

    Handle handle() {
        return handle;
    }

    /**
     * Lets the first process of a created container become its program. Blocks until it has, or has failed to.
     *
     * @throws StateException if the container is not in state {@code created}
     * @throws StepFailure if the program cannot be executed
     */
    public void start() {
        Start.of(handle);
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

    /** Launches a process that somebody must wait for with {@link AddedProcess#await}. */
    public AddedProcess begin(Process added, ExecIo options) {
        return begin(added, options, Execution.Ends.OWN);
    }

    Execution begin(Process added, ExecIo options, Execution.Ends ends) {
        ControllerDirs dirs = handle.dirs(state());
        LimitHits before = LimitHits.of(dirs);
        return Execution.begin(
                kernel,
                id,
                added.args(),
                options,
                ends,
                status -> before.reached(dirs, status),
                (stdio, left) -> new Addition(handle).launch(added, stdio, ExecOptions.DEFAULT, left));
    }

    Kernel kernel() {
        return kernel;
    }

    /** Returns the process of the config with other arguments and without a terminal: what {@code exec} runs. */
    public Process processFor(List<String> args) {
        Process own = config().process();
        Process.Builder builder = own == null ? Process.builder().cwd("/") : own.toBuilder();
        return builder.args(args).terminal(false).consoleSize(null).build();
    }

    /**
     * Sends a signal to the first process. {@code KILL} ends all others with it, even paused ones: the kernel sees to
     * that in a pid namespace of the container's own, and where it has none all of its cgroup is killed.
     *
     * @throws StateException if it has ended, unless it has no pid namespace of its own and the signal is {@code KILL}
     * @throws KernelException {@code EBUSY} if a process does not end
     */
    public void kill(int signal) {
        if (!killIfRunning(signal)) {
            throw new StateException("kill `%s`: container not running".formatted(id));
        }
    }

    /** Does the same for a caller who wants it ended, and returns whether there was a process to send the signal to. */
    public boolean killIfRunning(int signal) {
        return new Killing(handle).first(signal);
    }

    /**
     * Sends a signal to all processes in the container's cgroup, whether the first one still runs or not. One that ends
     * meanwhile gets none, and one that begins meanwhile may get none.
     */
    public void killAll(int signal) {
        new Killing(handle).all(signal);
    }

    /**
     * Stops all processes of the container where they are. Blocks until they stand still; does nothing if they do.
     *
     * @throws StateException if the container does not run
     * @throws KernelException {@code EBUSY} if a process cannot be stopped, {@code ENODEV} without a freezer
     */
    public void pause() {
        handle.whileAlive("pause", state -> {
            handle.freezer(state).freeze();
            if (ProcessTable.isKilled(state.pid())) { // by somebody who looked whether it is frozen before it was
                handle.freezer(state).thaw();
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
            handle.freezer(state()).thaw();
        });
    }

    /** Returns its files as it sees them; each call needs the container to run. */
    public RootFiles root() {
        return new ContainerRoot(kernel, id, this::state);
    }

    /** Returns what the container's cgroup has used so far; zeros where it has none. */
    public CgroupStats stats() {
        return new StatsReader(handle.dirs(state())).read();
    }

    /**
     * Returns the pids of all its processes as this process sees them, those in cgroups of its own making too, sorted.
     */
    public List<Integer> processes() {
        return handle.processes();
    }

    /** Returns all its processes as they are now, by pid. */
    public List<RunningProcess> ps() {
        return processes().stream()
                .map(ProcessStatus::of)
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
    public ControlFiles cgroupFiles() {
        return new CgroupFiles(kernel, handle.dirs(state()));
    }

    /**
     * Changes limits; what {@code changes} does not say stays. All are changed or none.
     *
     * @throws dev.gantry.error.ConfigException if they make no sense, or this machine has no controller for one
     * @throws ContainerException of kind KERNEL if the kernel refuses one
     * @throws StateException if the container does not run
     */
    public void update(Resources changes) {
        handle.whileAlive("update", state -> {
            LimitUpdate update = new LimitUpdate(handle.machinery(), id, handle.dirs(state), state.unit());
            OciConfig before = config();
            store.writeConfig(id, update.changed(before, changes), () -> update.apply(before, changes));
            handle.configChanged();
        });
    }

    /**
     * Calls {@code action} whenever memory runs out in the container, on a thread that all containers share.
     *
     * @return ends the calls when it is closed; they end by themselves with the container
     */
    public Subscription onOom(Runnable action) {
        return memoryEvents.onOom(handle.dirs(state()), action);
    }

    /** Calls {@code action} whenever the container's memory comes under pressure; otherwise as {@link #onOom}. */
    public Subscription onMemoryPressure(MemoryPressure level, Runnable action) {
        return memoryEvents.onPressure(handle.dirs(state()), level, action);
    }

    /**
     * Waits for the first process to end. Blocks. What it wrote to an {@link dev.gantry.value.Output} has been passed
     * on then.
     *
     * @return empty if it was launched by another process, to which alone the kernel tells the status
     */
    public Optional<ExitStatus> waitFor() {
        Optional<ContainerProcess> process = handle.process();
        if (process.isEmpty()) {
            handle.awaitEnd(state());
        }
        Optional<ExitStatus> status = process.map(ContainerProcess::waitFor);
        if (output != null) {
            output.drain();
        }
        return status;
    }

    /** Returns a future that completes when the first process has ended; empty as for {@link #waitFor()}. */
    public CompletableFuture<Optional<ExitStatus>> exit() {
        return handle.process()
                .map(process -> process.exit().thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.supplyAsync(this::waitFor));
    }

    /** Leads a free port of 127.0.0.1 to a TCP port in the container. */
    public ForwardedPort forward(int port) {
        return forward(new InetSocketAddress(TcpSockets.loopback(), 0), port);
    }

    /**
     * Leads a TCP port of this machine (0: a free one) at an IPv4 address to one in the container, whatever its network
     * is. This process passes connections on; while the container does not run, or nobody listens there on 127.0.0.1 or
     * all addresses, they are reset. The caller closes it.
     */
    public ForwardedPort forward(InetSocketAddress from, int port) {
        NetworkSockets sockets = new NetworkSockets(handle);
        return new PortForwarder(kernel, from, port, sockets::next, sockets::close);
    }

    /**
     * Returns which limit the container has reached if its first process ended with such a status, in words that follow
     * its name, such as {@code ran out of its 64 MiB of memory}; empty if none is known. It can be asked until the
     * container is deleted.
     */
    public Optional<String> shortage(ExitStatus status) {
        return status.shell() == 0 ? Optional.empty() : LimitHits.NONE.reached(handle.dirs(state()), status);
    }

    /** Lets the container outlive the process that it belongs to; see {@link CreateOptions#leasing}. */
    public void release() {
        store.removeLease(id);
    }

    /**
     * Removes a container that has stopped, or was not started, and everything that was made for it: processes,
     * cgroups, files; then runs its poststop hooks, whose failures are warnings. Blocks.
     *
     * @throws StateException if it runs
     * @throws ContainerException of kind NOT_FOUND if there is no such container
     */
    public void delete() {
        new Deletion(handle).run(false);
    }

    /**
     * Does the same, and kills the container first if it runs. Blocks.
     *
     * @throws ContainerException of kind NOT_FOUND if there is no such container
     */
    public void deleteForcibly() {
        new Deletion(handle).run(true);
    }

    /**
     * Does the same if the process that the container belonged to is gone, and returns whether it is; an id that was
     * given again meanwhile is left alone.
     */
    boolean deleteAbandoned() {
        return new Deletion(handle).run(true, () -> store.isAbandoned(id));
    }

    @Override
    public String toString() {
        return "container `%s`".formatted(id);
    }
}
