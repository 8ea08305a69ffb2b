package dev.gantry.runtime;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.host.HostFacts;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.ExitWatcher;
import dev.gantry.io.MemoryEvents;
import dev.gantry.io.OutputPump;
import dev.gantry.io.Stdio;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.kernel.jnr.SeccompLibrary;
import dev.gantry.launch.Creation;
import dev.gantry.launch.Filtering;
import dev.gantry.launch.Handle;
import dev.gantry.launch.Machinery;
import dev.gantry.plan.Host;
import dev.gantry.seccomp.FilterCache;
import dev.gantry.seccomp.SeccompFilters;
import dev.gantry.store.StateStore;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.Definition;
import dev.gantry.value.Output;
import dev.gantry.value.StepFailure;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A state root and the containers in it: where everything begins.
 *
 * <p>Thread-safe. Closing it closes its descriptors and ends its one thread. The containers stay as they are; those
 * made with a lease are left to {@link #sweep}. Needs Linux 5.12 or later; making containers with limits needs root.
 */
public final class Gantry implements AutoCloseable {
    private final Machinery machinery;
    private final MemoryEvents memoryEvents;
    private final OutputPump outputs;

    private Gantry(Kernel kernel, InitBinary program, GantryOptions options, Host host) {
        StateStore store = new StateStore(kernel, options.root());
        FilterCache files = new FilterCache(store.cache("seccomp"), kernel.effectiveUid());
        this.machinery = new Machinery(
                kernel,
                program,
                host,
                store,
                new ExitWatcher(kernel),
                new Filtering(kernel, new SeccompFilters(new SeccompLibrary(), files)),
                !options.leavesProcesses(),
                options.onWarning(),
                options.failAt());
        this.outputs = new OutputPump(kernel);
        this.memoryEvents = new MemoryEvents(kernel);
    }

    /**
     * Opens a state root; it is made when the first container is.
     *
     * <p>A JVM raises its soft limit of open files to the hard one when it starts, and containers without a limit of
     * their own inherit that; programs that walk through all descriptors up to it are slow then. Start the JVM with
     * {@code -XX:-MaxFDLimit}, as the launcher does, to hand on the limit that it was given.
     *
     * @throws ContainerException if this machine cannot run containers at all, or others could change the root: it and
     *     the directories above it must belong to root or to the caller, and only they may write to them, sticky ones
     *     aside
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

    /** Makes a container that waits for {@link Container#start()}; it reads nothing, and what it writes is lost. */
    public Container create(String id, Definition definition) {
        return withoutOutput(stdio -> create(id, definition, stdio, CreateOptions.DEFAULT));
    }

    /**
     * Makes a container that waits for {@link Container#start()} and reads nothing. Blocks until its first process
     * waits.
     *
     * @param output receives what the first process writes, until it ends or this object is closed
     * @throws dev.gantry.error.ConfigException if the definition is wrong; nothing has been made then
     * @throws StepFailure if the kernel refuses a step; nothing is left then
     */
    public Container create(String id, Definition definition, Output output) {
        return create(id, definition, output, CreateOptions.DEFAULT);
    }

    /** As {@link #create(String, Definition, Output)}, with other options than the default. */
    public Container create(String id, Definition definition, Output output, CreateOptions options) {
        return withOutput(output, stdio -> new Creation(machinery, id, definition, stdio, options).create());
    }

    Container create(String id, Definition definition, Stdio stdio, CreateOptions options) {
        return new Container(new Creation(machinery, id, definition, stdio, options).create(), memoryEvents, null);
    }

    /**
     * Runs a container to its end and deletes it. Blocks; it reads this process's standard input.
     *
     * @param out receives what it writes to its standard output, as it comes; stays the caller's
     * @param err receives what it writes to its standard error
     * @return how its first process ended
     * @throws dev.gantry.error.ConfigException if the definition is wrong; nothing has been made then
     * @throws StepFailure if the kernel refuses a step; nothing is left then
     */
    public ExitStatus run(String id, Definition definition, OutputStream out, OutputStream err) {
        try (ContainerOutput output = outputs.open(out, err)) {
            Container container = start(id, definition, output.stdio(), CreateOptions.DEFAULT);
            output.launched();
            ExitStatus status = toEnd(container);
            output.drain(); // now that nobody writes any more
            return status;
        }
    }

    private static ExitStatus toEnd(Container container) {
        ExitStatus status;
        try {
            status = container.waitFor().orElseThrow();
        } catch (RuntimeException | Error e) {
            try {
                container.deleteForcibly();
            } catch (RuntimeException | Error second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        container.deleteForcibly();
        return status;
    }

    /** Makes a container and starts it; it reads nothing, and what it writes is lost. */
    public Container start(String id, Definition definition) {
        return withoutOutput(stdio -> start(id, definition, stdio, CreateOptions.DEFAULT));
    }

    /**
     * Makes a container and starts it, as {@link #create} and {@link Container#start()} in one go.
     *
     * @param output receives what the first process writes, until it ends or this object is closed
     */
    public Container start(String id, Definition definition, Output output) {
        return start(id, definition, output, CreateOptions.DEFAULT);
    }

    /** As {@link #start(String, Definition, Output)}, with other options than the default. */
    public Container start(String id, Definition definition, Output output, CreateOptions options) {
        return withOutput(output, stdio -> new Creation(machinery, id, definition, stdio, options).start());
    }

    Container start(String id, Definition definition, Stdio stdio, CreateOptions options) {
        return new Container(new Creation(machinery, id, definition, stdio, options).start(), memoryEvents, null);
    }

    private Container withoutOutput(Function<Stdio, Container> verb) {
        try (Stdio none = Stdio.none(machinery.kernel())) {
            return verb.apply(none);
        }
    }

    private Container withOutput(Output output, Function<Stdio, Handle> verb) {
        ContainerOutput passedOn = outputs.open(output.out(), output.err());
        try (Fd nothing = machinery.kernel().open("/dev/null")) {
            Handle handle = verb.apply(passedOn.stdio(nothing));
            passedOn.launched();
            return new Container(handle, memoryEvents, passedOn);
        } catch (RuntimeException | Error e) {
            passedOn.close();
            throw e;
        }
    }

    /**
     * Returns a container that exists.
     *
     * @throws ContainerException of kind NOT_FOUND if it does not
     */
    public Container container(String id) {
        if (!machinery.store().exists(id)) {
            throw StateStore.missing(id);
        }
        return handle(id);
    }

    /** Returns all containers, sorted by id; one that is deleted meanwhile may be among them. */
    public List<Container> containers() {
        return machinery.store().ids().stream().map(this::handle).toList();
    }

    private Container handle(String id) {
        return new Container(new Handle(machinery, id), memoryEvents, null);
    }

    /**
     * Deletes the containers that belonged to processes which are gone. Those of others, and of nobody, stay, and so
     * does one that cannot be deleted, of which the user is warned. Blocks.
     *
     * @return the ids of the deleted ones
     */
    public List<String> sweep() {
        List<String> swept = new ArrayList<>();
        for (String id : machinery.store().ids()) {
            try {
                if (machinery.store().isAbandoned(id) && handle(id).deleteAbandoned()) {
                    swept.add(id);
                }
            } catch (ContainerException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) { // another process may have been quicker
                    machinery.warn(e.line());
                }
            }
        }
        return swept;
    }

    Machinery machinery() {
        return machinery;
    }

    OutputPump outputs() {
        return outputs;
    }

    @Override
    public void close() {
        outputs.close();
        memoryEvents.close();
        machinery.watcher().close();
        machinery.program().close();
        machinery.store().close();
    }
}
