package dev.gantry.launch;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;
import dev.gantry.plan.HookStep;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.ProcessStep;
import dev.gantry.wire.Report;
import java.util.List;

/**
 * What is believed of a pipe or fifo for reports: a process inside that can open the init's descriptors can write to
 * it. Such a process may spoil its own container, and nothing else.
 */
final class Reports {
    private Reports() {}

    /**
     * Returns whether an init that is ready can report that: once that it is about to execute the program, and that
     * this or a step before it failed. All other reports ask the runtime to do something; and a listener has to come to
     * an end whatever is written.
     *
     * @param executing whether it has reported before that it is about to execute the program
     */
    static boolean mayFollowReady(Report report, boolean executing) {
        return report.kind() == Report.Kind.FAILED || report.kind() == Report.Kind.EXEC && !executing;
    }

    /**
     * Returns the error for a step that is reported as failed.
     *
     * @param index which step of the plan it is
     * @throws ContainerException if the plan has no such step, or it does not fail in such a way
     */
    static ContainerException failure(String operation, List<PlannedStep> steps, int index, Report report) {
        if (index < 0 || index >= steps.size()) {
            throw falsified(operation);
        }
        PlannedStep step = steps.get(index);
        boolean mayLackErrno =
                step.step() instanceof HookStep.RunInside || step.step() instanceof ProcessStep.NoProgram;
        if (!Errno.isKnown(report.error()) && !(mayLackErrno && report.error() == 0)) {
            throw falsified(operation);
        }
        return StepFailures.reported(operation, step, report);
    }

    /** Returns the error for what is no report, or none of an init that is ready. */
    static ContainerException falsified(String operation) {
        return new ContainerException(
                operation,
                ErrorKind.STATE,
                "a process in the container has written to its first process's report channel");
    }
}
