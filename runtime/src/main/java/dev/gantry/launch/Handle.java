package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.ControllerDirs;
import dev.gantry.cgroup.Freezer;
import dev.gantry.error.ContainerException;
import dev.gantry.error.SourceMap;
import dev.gantry.error.StateException;
import dev.gantry.files.RawPath;
import dev.gantry.host.HostFacts;
import dev.gantry.io.ContainerProcess;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.compile.PlanCompiler;
import dev.gantry.proc.ProcessTable;
import dev.gantry.store.StateStore;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.Definition;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The container that an operation acts on: what is stored of it, what it was made from if that was here, and where its
 * first process is. It keeps nothing that could be stale, but for what this process has made itself.
 */
public final class Handle {
    private final Machinery machinery;
    private final Kernel kernel;
    private final StateStore store;
    private final String id;
    private final Definition definition;
    private final LaunchPlan plan;
    private final ContainerProcess process;

    /** Whether the config that is kept says more than the definition. */
    private volatile boolean updated;

    /** The handle of a container that this process has made. */
    public Handle(Machinery machinery, String id, Definition definition, LaunchPlan plan, ContainerProcess process) {
        this.machinery = machinery;
        this.kernel = machinery.kernel();
        this.store = machinery.store();
        this.id = id;
        this.definition = definition;
        this.plan = plan;
        this.process = process;
    }

    /** The handle of a container that somebody has made. */
    public Handle(Machinery machinery, String id) {
        this(machinery, id, null, null, null);
    }

    public Machinery machinery() {
        return machinery;
    }

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

    /** Returns its first process, if this process has launched it. */
    public Optional<ContainerProcess> process() {
        return Optional.ofNullable(process);
    }

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

    public Freezer freezer(ContainerState state) {
        return new Freezer(kernel, dirs(state));
    }

    /**
     * Lets killed processes go on that somebody has moved into a frozen cgroup of another, or that the container has
     * frozen in one of its own: they could not end there.
     *
     * @return a cgroup above such a one that keeps a process frozen all the same
     */
    Optional<String> thawElsewhere(ContainerState state) {
        new Cgroup(kernel, state.cgroups()).thaw(); // the kernel tells no path as long as one below it may be
        Optional<String> frozen = Optional.empty();
        for (int pid : processes(state)) {
            Freezer freezer = new Freezer(
                    kernel, ControllerDirs.ofProcess(machinery.host().cgroups(), pid));
            freezer.thawIfFrozen();
            frozen = frozen.or(freezer::frozenBy);
        }
        return frozen;
    }

    /** Returns the pids of all processes in its cgroup, sorted. */
    public List<Integer> processes() {
        return new Cgroup(kernel, state().cgroups()).pids().stream().sorted().toList();
    }

    /** The first process is one of them wherever it was moved. */
    private List<Integer> processes(ContainerState state) {
        return Stream.concat(Stream.of(state.pid()), new Cgroup(kernel, state.cgroups()).pids().stream())
                .distinct()
                .toList();
    }

    /**
     * Does something with a container that is running or paused, and stays so far as it is up to us.
     *
     * @throws StateException if it is neither
     */
    public void whileAlive(String operation, Consumer<ContainerState> action) {
        store.locked(id, () -> {
            ContainerState state = state();
            ContainerStatus status = statusOf(state);
            if (status == ContainerStatus.STOPPED || status == ContainerStatus.CREATING) {
                throw new StateException("%s `%s`: container not running".formatted(operation, id));
            }
            action.accept(state);
        });
    }

    public ControllerDirs dirs(ContainerState state) {
        return ControllerDirs.of(machinery.host().cgroups(), state.cgroups());
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
        return PlanCompiler.compile(config, sources(), HostFacts.withViewFor(config, machinery.host()), options);
    }

    /** Makes note that the config that is kept was changed. */
    public void configChanged() {
        updated = true;
    }

    private SourceMap sources() {
        return definition == null ? SourceMap.NONE : definition.sources();
    }

    LaunchOptions options() {
        return LaunchOptions.of(id, state().bundle(), RawPath.text(store.scratch(id)));
    }

    /** Returns whether there are such hooks; where its definition is not at hand, the state tells. */
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
                machinery.hookRunner(), made, state.forHooks(made.config().ociVersion()));
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
    public Fd openAlive(ContainerState state, String operation, String otherwise) {
        try {
            return open(state);
        } catch (KernelException e) {
            throw e.errno() == Errno.ESRCH ? new StateException(operation, otherwise, null) : e;
        }
    }

    /** Blocks until the first process has ended, no matter which process reaps it. */
    public void awaitEnd(ContainerState state) {
        try (Fd pidfd = open(state)) {
            kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, -1);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }
}
