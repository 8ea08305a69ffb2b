package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.host.HostFacts;
import dev.gantry.host.OwnNamespaces;
import dev.gantry.image.LayerLeases;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Launched;
import dev.gantry.io.NotifySocket;
import dev.gantry.io.Stdio;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Host;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.SourceStep;
import dev.gantry.plan.compile.PlanCompiler;
import dev.gantry.proc.ProcessTable;
import dev.gantry.store.RootDirectories;
import dev.gantry.store.StateStore;
import dev.gantry.value.ContainerId;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.Definition;
import dev.gantry.value.HookFailure;
import dev.gantry.value.RootDirectory;
import dev.gantry.wire.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The making of one container, from its definition to its first process; undone whole if any part of it fails. */
public final class Creation {
    private final Machinery machinery;
    private final Kernel kernel;
    private final StateStore store;
    private final String id;
    private final Definition definition;
    private final Stdio stdio;
    private final CreateOptions how;
    private final List<Fd> opened = new ArrayList<>();
    private boolean prepared;

    public Creation(Machinery machinery, String id, Definition definition, Stdio stdio, CreateOptions how) {
        this.machinery = machinery;
        this.kernel = machinery.kernel();
        this.store = machinery.store();
        this.id = id;
        this.definition = definition;
        this.stdio = stdio;
        this.how = how;
    }

    /** Makes it and lets it wait for its start. Blocks until its first process does. */
    public Handle create() {
        return make(options().awaitingStart(), "create `%s`".formatted(id));
    }

    /** Makes it and starts it. Blocks until its first process is its program. */
    public Handle start() {
        String operation = "start `%s`".formatted(id);
        Handle made = make(options(), operation);
        poststart(made, operation);
        return made;
    }

    /**
     * Runs the hooks that follow a start; if one fails, nothing is left of the container.
     *
     * @throws HookFailure if one fails
     */
    static void poststart(Handle started, String operation) {
        if (!started.hasHooks(HookPoint.POSTSTART)) {
            return;
        }
        ContainerState state = started.state();
        try {
            started.hooks(state).runAll(operation, HookPoint.POSTSTART, state.pid());
        } catch (Throwable e) { // a callback may throw anything
            try {
                new Deletion(started).run(true);
            } catch (RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private LaunchOptions options() {
        ContainerId.check(id);
        LaunchOptions usual = LaunchOptions.of(id, RawPath.text(definition.bundle()), RawPath.text(store.scratch(id)))
                .calling(definition.calledPoints());
        LaunchOptions rooted = how.pivot() ? usual : usual.withoutPivot();
        LaunchOptions shown = how.relaysTerminal() ? rooted : rooted.handingTerminalOver();
        return how.newKeyring() ? shown : shown.keepingKeyring();
    }

    private Handle make(LaunchOptions options, String operation) {
        OciConfig config =
                how.notifying() ? NotifySocket.offered(definition.config(), store.dir(id)) : definition.config();
        Host host = HostFacts.withViewFor(config, machinery.host());
        LaunchPlan plan = PlanCompiler.compile(OwnNamespaces.named(config), definition.sources(), host, options);
        List<String> cgroups = PlanCompiler.cgroupDirs(config, machinery.host(), id);
        ContainerState state = new ContainerState(
                id,
                RawPath.text(definition.bundle()),
                rootfs(config),
                0,
                0,
                null,
                Instant.now(),
                kernel.effectiveUid(),
                config.annotations(),
                cgroups,
                PlanCompiler.unit(config, machinery.host(), id).orElse(null),
                plan.steps().size(),
                lateHooks(config));
        ContainerHooks hooks =
                new ContainerHooks(machinery.hookRunner(), definition, state.forHooks(config.ociVersion()));
        Fd lock = reserve(new Cgroup(kernel, cgroups), operation);
        try {
            if (how.leased()) {
                store.takeLease(id);
            }
            if (how.notifying()) {
                NotifySocket.prepare(kernel, store.dir(id));
            }
            if (!GantryAnnotations.layers(config).isEmpty()) {
                LayerLeases.take(kernel, store.dir(id), GantryAnnotations.layers(config));
            }
            store.writeConfig(id, config);
            store.writeState(state); // from here on, whatever is made is known to `delete`
            Launched launched = machinery
                    .launcher()
                    .launch(new Launcher.Launch(
                            operation,
                            plan,
                            machinery.failAt(),
                            () -> descriptors(config, options, plan),
                            stdio.more(),
                            pid -> store.writeState(state.withProcess(pid, startTime(pid), root(config, pid))),
                            (listener, pid) -> tellAgent(state, listener, pid),
                            Optional.of(hooks),
                            Launcher.Launch.UNLIMITED));
            ContainerProcess process = machinery.process(launched);
            return new Handle(machinery, id, definition.with(config), plan, process);
        } catch (Throwable e) { // a callback may throw anything, and nothing may be left
            undo(state, e);
            if (hooks.haveBegun()) {
                hooks.runPoststop(operation).forEach(e::addSuppressed);
            }
            throw e;
        } finally {
            opened.forEach(Fd::close);
            lock.close();
        }
    }

    /** Makes sure of the id and of the cgroup, before anything is recorded that `delete` would remove. */
    private Fd reserve(Cgroup cgroup, String operation) {
        Fd lock = store.reserve(id);
        try {
            cgroup.requireUnused(operation);
            return lock;
        } catch (RuntimeException e) {
            store.remove(id);
            lock.close();
            throw e;
        }
    }

    private static List<HookPoint> lateHooks(OciConfig config) {
        return Stream.of(HookPoint.POSTSTART, HookPoint.POSTSTOP)
                .filter(point -> !point.of(config).isEmpty())
                .toList();
    }

    private void tellAgent(ContainerState state, Fd listener, int pid) {
        ContainerState made = state.withProcess(pid, startTime(pid), null);
        machinery.filtering().tellAgent(definition.config(), made, ContainerStatus.CREATING, pid, listener);
    }

    /**
     * Returns the root that was made, if its files are the container's: not where it shows the machine's own, nor in a
     * mount namespace that is joined, where the programs of another container may have led the init elsewhere.
     */
    private RootDirectory root(OciConfig config, int pid) {
        boolean isJoined = config.linux() != null
                && config.linux().namespaces().stream()
                        .anyMatch(namespace -> namespace.type() == NamespaceType.MOUNT && namespace.path() != null);
        return GantryAnnotations.isViewOfHost(config) || isJoined
                ? null
                : RootDirectories.of(kernel, pid)
                        .filter(root -> !root.isSameAs(RootDirectories.at(kernel, "/")))
                        .orElse(null);
    }

    private static long startTime(int pid) {
        return ProcessTable.startTime(pid).orElse(0);
    }

    private String rootfs(OciConfig config) {
        return config.annotations().containsKey(GantryAnnotations.ROOTFS)
                ? RawPath.text(store.scratch(id))
                : RawPath.text(
                        RawPath.resolve(definition.bundle(), config.root().path()));
    }

    private Map<Slot, Fd> descriptors(OciConfig config, LaunchOptions options, LaunchPlan plan) {
        prepared = true;
        Path dir = store.dir(id);
        Map<Slot, Fd> fds = stdio.slots();
        boolean stages = plan.steps().stream().anyMatch(step -> step.step() instanceof SourceStep.StageSources);
        if (stages || config.annotations().containsKey(GantryAnnotations.ROOTFS)) {
            try {
                Files.createDirectory(store.scratch(id));
            } catch (IOException e) {
                throw IoReason.failure(
                        "create `%s`".formatted(id), "make `%s`".formatted(RawPath.text(store.scratch(id))), e);
            }
        }
        if (options.awaitStart()) {
            fds.put(Slot.EXEC_FIFO, fifo(dir.resolve(StateStore.EXEC_FIFO)));
            fds.put(Slot.REPORTS, fifo(dir.resolve(StateStore.REPORT_FIFO)));
        }
        return fds;
    }

    /** Open for reading and writing, so that neither side ever waits for the other to open it, fifo(7). */
    private Fd fifo(Path path) {
        kernel.makeFifo(RawPath.text(path), 0600);
        Fd fd = kernel.open(RawPath.text(path), OpenFlag.RDWR);
        opened.add(fd);
        return fd;
    }

    private void undo(ContainerState state, Throwable reason) {
        try {
            if (prepared) {
                new CgroupRemoval(machinery).of(state);
            } else { // no process of ours is there yet, but perhaps somebody else's is
                new Cgroup(kernel, state.cgroups()).removeEmpty();
            }
            store.remove(id);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}
