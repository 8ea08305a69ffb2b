package dev.gantry.runtime;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.host.HostFacts;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.ExitWatcher;
import dev.gantry.io.Launched;
import dev.gantry.io.MemoryEvents;
import dev.gantry.io.OutputPump;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.kernel.jnr.SeccompLibrary;
import dev.gantry.plan.Host;
import dev.gantry.proc.ProcessTable;
import dev.gantry.seccomp.FilterCache;
import dev.gantry.seccomp.SeccompFilters;
import dev.gantry.store.ContainerState;
import dev.gantry.store.StateStore;
import dev.gantry.systemd.Systemd;
import dev.gantry.value.Stdio;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A state root and the containers in it: where everything begins.
 *
 * <p>Thread-safe. Closing it leaves the containers as they are, and leaves to {@link #sweep} those made with a lease; it
 * lets go of the descriptors and the one thread that it holds. Needs Linux 5.12 or later; making containers with limits needs root.
 */
public final class Gantry implements AutoCloseable {
    private final Kernel kernel;
    private final InitBinary program;
    private final GantryOptions options;
    private final Host host;
    private final StateStore store;
    private final ExitWatcher watcher;
    private final MemoryEvents memoryEvents;
    private final OutputPump outputs;
    private final Filtering filtering;

    private Gantry(Kernel kernel, InitBinary program, GantryOptions options, Host host) {
        this.kernel = kernel;
        this.program = program;
        this.options = options;
        this.host = host;
        this.store = new StateStore(kernel, options.root());
        this.watcher = new ExitWatcher(kernel);
        this.outputs = new OutputPump(kernel);
        this.memoryEvents = new MemoryEvents(kernel);
        FilterCache files = new FilterCache(store.cache("seccomp"), kernel.effectiveUid());
        this.filtering = new Filtering(kernel, new SeccompFilters(new SeccompLibrary(), files));
    }

    /**
     * Opens a state root; it is made when the first container is.
     *
     * <p>A JVM raises its soft limit of open files to the hard one when it starts, and containers without a limit of their
     * own inherit that; programs that walk through all descriptors up to it are slow then. Start the JVM with {@code
     * -XX:-MaxFDLimit}, as the launcher does, to hand on the limit that it was given.
     *
     * @throws ContainerException if this machine cannot run containers at all, or others could change the root: it and the
     *     directories above it must belong to root or to the caller, and only they may write to them, sticky ones aside
     */
    public static Gantry open(GantryOptions options) {
        try {
            Kernel kernel = LinuxKernel.load();
            return new Gantry(
                    kernel,
                    InitBinary.load(kernel),
                    options,
                    HostFacts.read().with(options.cgroupDriver()).withLandlock(kernel.landlockVersion()));
        } catch (UnsatisfiedLinkError | UnsupportedOperationException e) {
            throw new ContainerException(ErrorKind.UNSUPPORTED, e.getMessage(), e);
        }
    }

    /**
     * Makes a container that waits for {@link Container#start()}. Blocks until its first process does.
     *
     * @param stdio of the first process; stays the caller's
     * @throws dev.gantry.error.ConfigException if the definition is wrong; nothing has been made then
     * @throws StepFailure if the kernel refuses a step; nothing is left then
     */
    public Container create(String id, Definition definition, Stdio stdio) {
        return create(id, definition, stdio, CreateOptions.DEFAULT);
    }

    /** As {@link #create(String, Definition, Stdio)}, in an uncustomary way. */
    public Container create(String id, Definition definition, Stdio stdio, CreateOptions how) {
        return new Creation(this, id, definition, stdio, how).create();
    }

    /**
     * Makes a container and starts it, as {@link #create} and {@link Container#start()} in one go.
     *
     * @return the container, whose {@link Container#process()} is its first process
     */
    public Container start(String id, Definition definition, Stdio stdio) {
        return start(id, definition, stdio, CreateOptions.DEFAULT);
    }

    /** As {@link #start(String, Definition, Stdio)}, in an uncustomary way. */
    public Container start(String id, Definition definition, Stdio stdio, CreateOptions how) {
        return new Creation(this, id, definition, stdio, how).start();
    }

    /**
     * Returns a container that exists.
     *
     * @throws ContainerException of kind NOT_FOUND if it does not
     */
    public Container container(String id) {
        if (!store.exists(id)) {
            throw StateStore.missing(id);
        }
        return new Container(this, id);
    }

    /**
     * Does nothing if a container may have this id.
     *
     * @throws ContainerException of kind CONFIG if none may
     */
    public static void checkId(String id) {
        StateStore.checkId(id);
    }

    /** Returns all containers, sorted by id; one that is deleted meanwhile may be among them. */
    public List<Container> containers() {
        return store.ids().stream().map(id -> new Container(this, id)).toList();
    }

    /**
     * Deletes the containers that belonged to processes which are gone. Those of others, and of nobody, stay, and so
     * does one that cannot be deleted, of which the user is warned. Blocks.
     *
     * @return the ids of the deleted ones
     */
    public List<String> sweep() {
        List<String> swept = new ArrayList<>();
        for (String id : store.ids()) {
            try {
                if (store.isAbandoned(id) && new Container(this, id).deleteAbandoned()) {
                    swept.add(id);
                }
            } catch (ContainerException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) { // another process may have been quicker
                    warn(e.line());
                }
            }
        }
        return swept;
    }

    /**
     * Makes pipes for a container's first process whose other ends are read on a thread of this object's.
     *
     * @param out receives what it writes to its standard output; stays the caller's
     */
    public ContainerOutput openOutput(OutputStream out, OutputStream err) {
        return outputs.open(out, err);
    }

    /**
     * Makes sure that somebody listens where a container's readiness is to be passed on to.
     *
     * @param to a path, or {@code @} and a name, as in {@code NOTIFY_SOCKET}
     * @throws dev.gantry.kernel.KernelException if nobody does
     */
    public void requireListener(String to) {
        kernel.datagramsTo(to).close();
    }

    /** Returns the facts about this machine on which plans are made. */
    public Host host() {
        return host;
    }

    Kernel kernel() {
        return kernel;
    }

    StateStore store() {
        return store;
    }

    /** Returns the handle of a process that was just launched. */
    ContainerProcess process(Launched launched) {
        return new ContainerProcess(kernel, launched, watcher, !options.leavesProcesses());
    }

    MemoryEvents memoryEvents() {
        return memoryEvents;
    }

    Launcher launcher() {
        return new Launcher(kernel, program, filtering);
    }

    /** Ends every process of a container and removes its cgroup, and the unit that it is in. */
    void removeCgroup(ContainerState state) {
        removeCgroup(state.id(), state.cgroups(), Optional.ofNullable(state.unit()));
    }

    /** Does so unless another container lives there: a config may name the cgroup of one that has ended. */
    void removeCgroup(String id, List<String> dirs, Optional<String> unit) {
        Cgroup cgroup = new Cgroup(kernel, dirs);
        Optional<String> other = cgroup.pids().isEmpty() ? Optional.empty() : livingIn(dirs, id);
        if (other.isPresent()) {
            warn("delete `%s`: its cgroup stays: container `%s` is in it".formatted(id, other.get()));
            return;
        }
        cgroup.killAll();
        unit.ifPresent(name -> {
            try (Systemd systemd = Systemd.connect()) {
                systemd.stop(name);
            }
        });
        cgroup.remove();
    }

    private Optional<String> livingIn(List<String> dirs, String except) {
        return store.ids().stream()
                .filter(id -> !id.equals(except) && livesIn(dirs, id))
                .findFirst();
    }

    private boolean livesIn(List<String> dirs, String id) {
        try {
            return store.readState(id)
                    .filter(state -> ProcessTable.isAlive(state.pid(), state.pidStart()))
                    .filter(state -> !Collections.disjoint(state.cgroups(), dirs))
                    .isPresent();
        } catch (ContainerException e) {
            return false; // it is gone, or damaged
        }
    }

    HookRunner hookRunner() {
        return new HookRunner(kernel, program);
    }

    Filtering filtering() {
        return filtering;
    }

    /** Tells of something that went wrong and stopped nothing. */
    void warn(String line) {
        options.onWarning().accept(line);
    }

    OptionalInt failAt() {
        return options.failAt();
    }

    @Override
    public void close() {
        outputs.close();
        memoryEvents.close();
        watcher.close();
        program.close();
        store.close();
    }
}
