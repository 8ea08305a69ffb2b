package dev.gantry.launch;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import dev.gantry.kernel.Errno;
import dev.gantry.plan.HookStep;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.ProcessStep;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.Step;
import dev.gantry.value.StepFailure;
import dev.gantry.wire.Report;

/** Makes the one line that says which step was refused and why. */
final class StepFailures {
    private static final int MOST_SHOWN = 1000;

    /** After it, in what the init reports of a program, comes the interpreter that is missing. */
    private static final String INTERPRETER = "\n#!";

    private StepFailures() {}

    /**
     * Creates the error.
     *
     * @param operation {@code start `web`}
     * @param call which call was refused and on what, if that says more than the step does; may be empty
     * @param cause the exception of a step that the runtime performed; null for one of the init
     */
    static StepFailure of(String operation, PlannedStep step, String call, Errno errno, Throwable cause) {
        boolean lookup = step.step() instanceof ProcessStep.FindProgram || step.step() instanceof ProcessStep.Exec;
        int end = step.step() instanceof ProcessStep.Exec ? call.lastIndexOf(INTERPRETER) : -1;
        String what = lookup
                ? call.substring(0, end < 0 ? call.length() : end)
                : call.isEmpty() ? step.step().describe() : step.step().describe() + ": " + call;
        String text = "%s: %s [%s]"
                .formatted(
                        oneLine(what), errno.describe(), oneLine(step.origin().toString()));
        String hint = end < 0
                ? Hints.of(step.step(), call, errno)
                : "the interpreter `%s` is missing".formatted(oneLine(call.substring(end + INTERPRETER.length())));
        return new StepFailure(operation, kind(lookup, errno), text, hint, phase(step.step()), errno, cause);
    }

    /**
     * A value that was refused may be meant to mislead when it is shown: it may have lines of its own, or megabytes.
     */
    private static String oneLine(String text) {
        String start = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
        return Shown.escaped(start);
    }

    /** Returns the error for a step that {@code gantry-init} reports as failed. */
    static ContainerException reported(String operation, PlannedStep step, Report report) {
        if (step.step() instanceof HookStep.RunInside hook) {
            return HookFailures.of(
                    operation, hook.point(), hook.index(), HookFailures.why(report), step.origin(), null);
        }
        if (step.step() instanceof ProcessStep.NoProgram) {
            return new ContainerException(
                    operation,
                    ErrorKind.CONFIG,
                    "the config has no `process` [%s]".formatted(step.origin()),
                    "set `process.args`",
                    null);
        }
        return of(operation, step, report.text(), Errno.of(report.error()), null);
    }

    private static StepFailure.Phase phase(Step step) {
        if (step instanceof ProcessStep.Exec) {
            return StepFailure.Phase.EXEC;
        }
        return step instanceof RuntimeStep ? StepFailure.Phase.RUNTIME : StepFailure.Phase.INIT;
    }

    private static ErrorKind kind(boolean lookup, Errno errno) {
        if (lookup && errno == Errno.ENOENT) {
            return ErrorKind.COMMAND_NOT_FOUND;
        }
        return lookup ? ErrorKind.COMMAND_NOT_EXECUTABLE : ErrorKind.KERNEL;
    }
}
