package dev.gantry.launch;

import dev.gantry.json.Json;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.oci.Hook;
import dev.gantry.oci.State;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Runs hooks on the host: each by a {@code gantry-init} of its own, which waits for it, ends it when its time is out,
 * and takes it along if this process dies. Thread-safe.
 */
final class HookRunner {
    private static final int GRACE_SECONDS = 5;
    private static final int END_MILLIS = 1_000;

    private final Kernel kernel;
    private final InitBinary program;

    HookRunner(Kernel kernel, InitBinary program) {
        this.kernel = kernel;
        this.program = program;
    }

    /**
     * Runs a hook to its end, in the bundle's directory if that is still there, and in this process's environment if it
     * has none of its own. Blocks.
     *
     * @return why it failed; empty if it did not
     */
    Optional<String> run(Hook hook, State state) {
        boolean inherits = hook.env() == null;
        Orders orders = new Orders().step(0);
        orders.add(Op.CHDIR).set("path", state.bundle()).set("tolerant", true);
        orders.add(Op.HOOK)
                .set("path", hook.path())
                .set("args", hook.args())
                .set("env", inherits ? List.of() : hook.env())
                .set("inherit_env", inherits)
                .set("timeout", hook.timeout() == null ? 0 : hook.timeout())
                .set("in_root", false)
                .set("add_home", false);
        orders.add(Op.DONE);
        try (Fd document = document(state);
                InitProcess init = start(orders.toBytes(), inherits, Map.of(Slot.STATE, document))) {
            Optional<InitProcess.Said> said;
            try {
                said = init.next(limit(hook));
            } catch (KernelException e) {
                if (e.errno() != Errno.ETIMEDOUT) {
                    throw e;
                }
                init.endWithin(END_MILLIS);
                return Optional.of("ran out of time");
            }
            if (said.isPresent() && said.get().report().kind() == Report.Kind.FAILED) {
                return Optional.of(HookFailures.why(said.get().report()));
            }
            return init.reapStageOne().shell() == 0 ? Optional.empty() : Optional.of("gantry-init was ended");
        }
    }

    /** The init keeps to the hook's time limit itself, unless the hook stops it. */
    private static IntSupplier limit(Hook hook) {
        if (hook.timeout() == null) {
            return Launcher.Launch.UNLIMITED;
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos((long) hook.timeout() + GRACE_SECONDS);
        return () ->
                (int) Math.min(Integer.MAX_VALUE, Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }

    /** An init's environment can be read in procfs by other processes: it gets none that it does not need. */
    private InitProcess start(ByteBuffer plan, boolean inEnvironment, Map<Slot, Fd> fds) {
        return inEnvironment
                ? InitProcess.startInEnvironment(kernel, program, plan, fds)
                : InitProcess.start(kernel, program, plan, fds);
    }

    /** Returns the state as a hook reads it, a sealed memory file; the receiver closes it. */
    Fd document(State state) {
        byte[] json = Json.compact(state.toNode()).getBytes(StandardCharsets.UTF_8);
        return kernel.sealedMemory(
                "gantry-state", ByteBuffer.allocateDirect(json.length).put(json).flip(), false);
    }
}
