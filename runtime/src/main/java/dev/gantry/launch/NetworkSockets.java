package dev.gantry.launch;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.value.ContainerState;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Sockets in a container's network namespace, made by a {@code gantry-init} of their own that joins that namespace and
 * nothing else. It makes some at a time, since a socket is needed for each connection. Not thread-safe.
 */
public final class NetworkSockets implements AutoCloseable {
    private static final int BATCH = 16;

    private final Handle handle;
    private final Deque<Fd> made = new ArrayDeque<>();
    private ContainerState madeFor;

    public NetworkSockets(Handle handle) {
        this.handle = handle;
    }

    /**
     * Returns a TCP socket that is not connected; the caller closes it. Blocks while more are made.
     *
     * @throws dev.gantry.error.StateException if the container does not run
     */
    public Fd next() {
        ContainerState state = handle.state();
        if (madeFor == null || madeFor.pid() != state.pid() || madeFor.pidStart() != state.pidStart()) {
            close(); // of a namespace that may be gone
        }
        if (made.isEmpty()) {
            make(state);
            madeFor = state;
        }
        return made.pop();
    }

    private void make(ContainerState state) {
        Machinery machinery = handle.machinery();
        String operation = "connect to `%s`".formatted(handle.id());
        try (Fd target = handle.openAlive(state, operation, "container not running");
                InitProcess init = InitProcess.start(
                        machinery.kernel(), machinery.program(), orders().toBytes(), Map.of(Slot.TARGET, target))) {
            for (Optional<InitProcess.Said> said = init.next(); said.isPresent(); said = init.next()) {
                Report report = said.get().report();
                if (report.kind() == Report.Kind.FAILED) {
                    throw new KernelException(report.text(), handle.id(), Errno.of(report.error()));
                }
                made.add(said.get().fd().orElseThrow());
            }
            if (made.isEmpty()) {
                throw new KernelException("socket", handle.id(), Errno.ECHILD);
            }
        }
    }

    /** A user other than root has rights over it only within the container's user namespace; then there is one. */
    private Orders orders() {
        Linux linux = handle.config().linux();
        Orders orders = new Orders().step(0);
        orders.add(Op.DUMPABLE).set("dumpable", false);
        if (linux != null && linux.namespace(NamespaceType.NETWORK).isPresent()) {
            int user = handle.machinery().host().isRoot() ? 0 : NamespaceType.USER.flag();
            orders.add(Op.JOIN_TARGET).set("types", NamespaceType.NETWORK.flag() | user);
        }
        orders.add(Op.TCP_SOCKETS).set("count", BATCH);
        orders.add(Op.DONE);
        return orders;
    }

    /** Closes those that nobody has taken. */
    @Override
    public void close() {
        made.forEach(Fd::close);
        made.clear();
        madeFor = null;
    }
}
