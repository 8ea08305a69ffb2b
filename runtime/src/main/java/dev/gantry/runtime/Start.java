package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.plan.PlannedStep;
import dev.gantry.wire.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The start of a container that waits for it: one byte down the exec fifo, and what comes back on the report fifo.
 *
 * <p>The waiting process holds both fifos open for reading and writing. So opening the first one for writing fails at
 * once if that process is gone, and the second one ends for its reader when the program was executed.
 */
final class Start {
    private static final int O_WRONLY = 1;
    private static final int O_NONBLOCK = 04000;

    private final Kernel kernel;
    private final Container container;
    private final ContainerState state;
    private final Path execFifo;
    private final Path reportFifo;

    Start(Kernel kernel, StateStore store, Container container, ContainerState state) {
        this.kernel = kernel;
        this.container = container;
        this.state = state;
        this.execFifo = store.dir(state.id()).resolve(StateStore.EXEC_FIFO);
        this.reportFifo = store.dir(state.id()).resolve(StateStore.REPORT_FIFO);
    }

    /** Blocks until the program runs, or has failed to. */
    void run() {
        String operation = "start `%s`".formatted(state.id());
        try (Fd reports = kernel.open(reportFifo.toString(), O_NONBLOCK, 0);
                Fd gate = kernel.open(execFifo.toString(), O_WRONLY | O_NONBLOCK, 0)) {
            kernel.write(gate, ByteBuffer.allocateDirect(1).put((byte) 0).flip());
            listen(operation, reports);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENXIO) {
                throw Container.ended(operation);
            }
            throw e;
        } finally {
            removeFifos(); // whatever happened: it waits no more
        }
    }

    private void listen(String operation, Fd reports) {
        ByteBuffer record = ByteBuffer.allocateDirect(Report.BYTES);
        boolean executing = false;
        for (; ; ) {
            kernel.poll(List.of(reports), new int[] {Kernel.POLLIN}, -1);
            if (kernel.read(reports, record.clear()) == 0) {
                if (!executing) {
                    throw Container.ended(operation);
                }
                return;
            }
            Report report = Report.read(record.flip());
            if (report.kind() == Report.Kind.FAILED) {
                container.awaitEnd(state); // it says so just before it ends, and is to be found stopped
                throw StepFailure.reported(operation, stepAt(report.step()), report);
            }
            executing = true;
        }
    }

    /**
     * The plan is made anew, and may differ from the one that the init follows in what comes before the start: options
     * of the process that made the container are not known any more. So its steps are counted from the end.
     */
    private PlannedStep stepAt(int index) {
        List<PlannedStep> steps = container.planAsCreated().steps();
        return steps.get(steps.size() - (state.steps() - index));
    }

    private void removeFifos() {
        try {
            Files.deleteIfExists(execFifo);
            Files.deleteIfExists(reportFifo);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
