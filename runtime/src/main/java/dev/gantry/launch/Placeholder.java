package dev.gantry.launch;

import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import dev.gantry.wire.Wire;
import java.util.Map;
import java.util.Set;

/**
 * A process that does nothing, for as long as a launch takes: systemd keeps no scope without a process, and the
 * container's own does not exist before its cgroup does. Begins when it is first asked for. Not thread-safe.
 */
final class Placeholder implements AutoCloseable {
    private final Kernel kernel;
    private final InitBinary program;
    private InitProcess process;

    Placeholder(Kernel kernel, InitBinary program) {
        this.kernel = kernel;
        this.program = program;
    }

    /** Returns its pid, and starts it if need be. */
    int pid() {
        if (process == null) {
            Orders orders = new Orders();
            orders.step(0).add(Op.SYNC);
            process =
                    InitProcess.start(kernel, program, orders.step(Wire.NO_STEP).toBytes(), Map.of());
        }
        return process.stageOne();
    }

    /** Returns its pid if it was started. */
    Set<Integer> pids() {
        return process == null ? Set.of() : Set.of(process.stageOne());
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
