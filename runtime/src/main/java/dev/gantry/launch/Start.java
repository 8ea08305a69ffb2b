package dev.gantry.launch;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.init.Speaker;
import dev.gantry.plan.PlannedStep;
import dev.gantry.proc.ProcessTable;
import dev.gantry.store.StateStore;
import dev.gantry.value.ContainerState;
import dev.gantry.wire.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The start of a container that waits for it: one byte down the exec fifo, and what comes back on the report fifo.
 *
 * <p>The waiting process holds both fifos open for reading and writing. So opening the first one for writing fails at
 * once if that process is gone, and the second one ends for its reader when the program was executed.
 */
public final class Start {
    /** How the process is missed that waits: by its pid, and at the fifo before and after that was opened. */
    private static final Set<Errno> GONE = Set.of(Errno.ESRCH, Errno.ENXIO, Errno.EPIPE);

    private final Kernel kernel;
    private final Handle handle;
    private final ContainerState state;
    private final Path execFifo;
    private final Path reportFifo;

    private Start(Handle handle, ContainerState state) {
        StateStore store = handle.machinery().store();
        this.kernel = handle.machinery().kernel();
        this.handle = handle;
        this.state = state;
        this.execFifo = store.dir(state.id()).resolve(StateStore.EXEC_FIFO);
        this.reportFifo = store.dir(state.id()).resolve(StateStore.REPORT_FIFO);
    }

    /**
     * Starts a container that waits for it, and runs the hooks that follow. Blocks until the program runs, or has
     * failed to.
     *
     * @throws StateException if the container is not in state {@code created}
     */
    public static void of(Handle handle) {
        String operation = "start `%s`".formatted(handle.id());
        handle.machinery().store().locked(handle.id(), () -> {
            ContainerState state = handle.state();
            switch (handle.statusOf(state)) {
                case CREATED -> new Start(handle, state).run();
                case RUNNING, PAUSED ->
                    throw new StateException(operation, "cannot start an already running container", null);
                case STOPPED -> throw new StateException(operation, "cannot start a container that has stopped", null);
                case CREATING ->
                    throw new StateException(operation, "the container was not made to the end", "delete it");
            }
        });
        Creation.poststart(handle, operation);
    }

    /** Blocks until the program runs, or has failed to, or its process is gone. */
    private void run() {
        String operation = "start `%s`".formatted(state.id());
        try (Fd pidfd = handle.open(state);
                Fd reports = kernel.open(RawPath.text(reportFifo), OpenFlag.NONBLOCK);
                Fd gate = kernel.open(RawPath.text(execFifo), OpenFlag.WRONLY, OpenFlag.NONBLOCK)) {
            kernel.write(gate, ByteBuffer.allocateDirect(1).put((byte) 0).flip());
            Speaker init = Speaker.becomingProgram(kernel, pidfd, this::hasBegun);
            if (!listen(operation, init, reports) && !hasBegun()) {
                throw ended(operation);
            }
        } catch (KernelException e) {
            if (GONE.contains(e.errno())) {
                throw ended(operation);
            }
            throw e;
        } finally {
            removeFifos(); // whatever happened: it waits no more
        }
    }

    private boolean hasBegun() {
        return ProcessTable.hasBegun(state.pid());
    }

    /** Listens to the end; returns whether the program was about to be executed. */
    private boolean listen(String operation, Speaker init, Fd reports) {
        ByteBuffer record = ByteBuffer.allocateDirect(Report.BYTES);
        boolean executing = false;
        while (init.awaitWord(reports)) {
            int count = read(reports, record.clear());
            if (count == 0) {
                return executing;
            }
            if (count > 0) {
                Report report = report(operation, record.flip(), executing);
                if (report.kind() == Report.Kind.FAILED) {
                    // it says so just before it ends, and is to be found stopped
                    init.awaitEndOrBeginning();
                    throw failure(operation, report);
                }
                executing = true;
            }
        }
        return executing;
    }

    /** Returns how much was read; -1 if somebody else was quicker. */
    private int read(Fd reports, ByteBuffer record) {
        try {
            return kernel.read(reports, record);
        } catch (KernelException e) {
            if (e.errno() == Errno.EAGAIN) {
                return -1;
            }
            throw e;
        }
    }

    private static Report report(String operation, ByteBuffer record, boolean executing) {
        try {
            Report report = Report.read(record);
            if (Reports.mayFollowReady(report, executing)) {
                return report;
            }
        } catch (IllegalArgumentException e) {
            throw Reports.falsified(operation);
        }
        throw Reports.falsified(operation);
    }

    /**
     * The plan is made again, and may differ from the one that the init follows in what comes before the start: options
     * of the process that made the container are not known any more. So its steps are counted from the end.
     */
    private ContainerException failure(String operation, Report report) {
        List<PlannedStep> steps = handle.planAsCreated().steps();
        return Reports.failure(operation, steps, steps.size() - (state.steps() - report.step()), report);
    }

    private void removeFifos() {
        try {
            Files.deleteIfExists(execFifo);
            Files.deleteIfExists(reportFifo);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the error for a container whose first process has ended before it was started. */
    private static ContainerException ended(String operation) {
        return new ContainerException(
                operation, ErrorKind.STATE, "the container's first process has ended before it was started");
    }
}
