package dev.gantry.runtime;

import dev.gantry.io.ContainerOutput;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.NotifySocket;
import dev.gantry.io.Stdio;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import dev.gantry.launch.Addition;
import dev.gantry.launch.Machinery;
import dev.gantry.oci.Process;
import dev.gantry.plan.Host;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.Definition;
import dev.gantry.value.ExecOptions;
import dev.gantry.value.Output;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The door behind the face, for the command line, the language and the specs: what is done with descriptors, plans and
 * processes. It is no part of the API for others, and changes without notice.
 */
public final class Internals {
    private Internals() {}

    /** As {@link Gantry#create(String, Definition, Output)}, with descriptors, which stay the caller's. */
    public static Container create(Gantry gantry, String id, Definition definition, Stdio stdio) {
        return create(gantry, id, definition, stdio, CreateOptions.DEFAULT);
    }

    /** Does the same with other options than the default. */
    public static Container create(
            Gantry gantry, String id, Definition definition, Stdio stdio, CreateOptions options) {
        return gantry.create(id, definition, stdio, options);
    }

    /** As {@link Gantry#start(String, Definition, Output)}, with descriptors, which stay the caller's. */
    public static Container start(Gantry gantry, String id, Definition definition, Stdio stdio) {
        return start(gantry, id, definition, stdio, CreateOptions.DEFAULT);
    }

    /** Does the same with other options than the default. */
    public static Container start(Gantry gantry, String id, Definition definition, Stdio stdio, CreateOptions options) {
        return gantry.start(id, definition, stdio, options);
    }

    /**
     * Makes pipes for a container's first process whose other ends are read on a thread of the gantry's.
     *
     * @param out receives what it writes to its standard output; stays the caller's
     */
    public static ContainerOutput openOutput(Gantry gantry, OutputStream out, OutputStream err) {
        return gantry.outputs().open(out, err);
    }

    /** Returns the facts about this machine on which plans are made. */
    public static Host host(Gantry gantry) {
        return gantry.machinery().host();
    }

    /**
     * Makes sure that somebody listens where a container's readiness is to be passed on to.
     *
     * @param to a path, or {@code @} and a name, as in {@code NOTIFY_SOCKET}
     * @throws KernelException if nobody does
     */
    public static void requireListener(Gantry gantry, String to) {
        gantry.machinery().kernel().datagramsTo(to).close();
    }

    /** Returns the same options with a failure of every launch at this step of its plan. */
    public static GantryOptions failingAt(GantryOptions options, int step) {
        return options.failingAt(step);
    }

    /** Returns the plan by which the first process was launched, or would be launched on this machine now. */
    public static LaunchPlan plan(Container container) {
        return container.handle().plan();
    }

    /** Returns the first process, if this process has launched it. */
    public static Optional<ContainerProcess> process(Container container) {
        return container.handle().process();
    }

    /** Starts a process in the container; returns when it is its program. */
    public static ContainerProcess spawn(Container container, Process added, Stdio stdio) {
        return spawn(container, added, stdio, ExecOptions.DEFAULT);
    }

    /** Does the same with other options than the default; a paused container is waited for, if they allow one. */
    public static ContainerProcess spawn(Container container, Process added, Stdio stdio, ExecOptions options) {
        return new Addition(container.handle()).spawn(added, stdio, options);
    }

    /**
     * Begins to listen to what the container reports by sd_notify(3), if it was made to report it and has not started.
     * The caller closes the socket.
     *
     * @param to where it is passed on to: a path, or {@code @} and a name, as in {@code NOTIFY_SOCKET}
     * @throws KernelException if nobody listens there
     */
    public static Optional<NotifySocket> notifications(Container container, String to) {
        Machinery machinery = container.handle().machinery();
        Path dir = machinery.store().dir(container.id());
        if (!NotifySocket.isPrepared(dir) || container.status() != ContainerStatus.CREATED) {
            return Optional.empty();
        }
        String operation = "start `%s`".formatted(container.id());
        Fd alive = container.handle().openAlive(container.state(), operation, "container not running");
        return Optional.of(NotifySocket.listen(machinery.kernel(), dir, alive, to));
    }
}
