package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.KernelException;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.runtime.StepFailure;
import java.nio.file.FileSystemException;

/**
 * The one line that a failure becomes. Callers of runc look for words at its beginning that say how far it came; they
 * take the place of the operation that our own messages begin with.
 */
final class Failure {
    private static final String LAUNCH = "unable to start container process: ";
    private static final String IN_INIT = "error during container init: ";

    private Failure() {}

    /** @param command null if it did not come to that */
    static String line(Command command, Exception e) {
        if (e instanceof ContainerException known) {
            boolean begun = command != null && known.kind() != ErrorKind.NOT_FOUND;
            String prefix = begun ? command.failurePrefix() : "";
            return prefix.isEmpty() ? known.line() : prefix + launch(known) + withoutOperation(known.line());
        }
        if (e instanceof UsageException || e instanceof KernelException) {
            return e.getMessage();
        }
        if (e instanceof FileSystemException file) {
            return "open %s: %s".formatted(file.getFile(), Reason.of(file));
        }
        return "internal error: %s; run with --debug for the rest".formatted(e);
    }

    private static String launch(ContainerException e) {
        if (!(e instanceof StepFailure step)) {
            return "";
        }
        return step.step().step() instanceof RuntimeStep ? LAUNCH : LAUNCH + IN_INIT;
    }

    private static String withoutOperation(String line) {
        return line.replaceFirst("^(create|start|exec in) `[^`]*`: ", "");
    }
}
