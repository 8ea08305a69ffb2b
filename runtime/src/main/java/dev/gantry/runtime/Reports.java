package dev.gantry.runtime;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.PlannedStep;
import dev.gantry.wire.Report;
import java.util.List;

/**
 * What is believed of a pipe or fifo for reports: a process inside that can open the init's descriptors can write to it.
 * Such a process may spoil its own container, and nothing else.
 */
final class Reports {
    private Reports() {}

    /** Returns whether an init that is ready can say that: all others ask the runtime to do something. */
    static boolean mayFollowReady(Report report) {
        return report.kind() == Report.Kind.EXEC || report.kind() == Report.Kind.FAILED;
    }

    /**
     * Returns the step that is reported.
     *
     * @throws ContainerException if the plan has no such step
     */
    static PlannedStep step(String operation, List<PlannedStep> steps, int index) {
        if (index < 0 || index >= steps.size()) {
            throw falsified(operation);
        }
        return steps.get(index);
    }

    /** Returns the error for what is no report, or none of an init that is ready. */
    static ContainerException falsified(String operation) {
        return new ContainerException(
                ErrorKind.STATE,
                operation + ": a process in the container has written to its first process's report channel");
    }
}
