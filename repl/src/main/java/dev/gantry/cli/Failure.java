package dev.gantry.cli;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import dev.gantry.files.IoReason;
import dev.gantry.kernel.KernelException;
import dev.gantry.value.StepFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one line that a failure becomes. Callers of runc look for words at its beginning that say how far it came; they
 * take the place of the operation that our own messages begin with.
 */
final class Failure {
    private static final String LAUNCH = "unable to start container process: ";
    private static final long ENOUGH_FILES = 64;
    private static final String OWN_SHORTAGE =
            "this command needs more open files than its limit allows; hint: raise it, see `ulimit -n`";
    private static final String SYSTEM_SHORTAGE =
            "the system has no more open files to give (ENFILE); hint: see fs.file-max in proc_sys_fs(5)";
    private static final String IN_INIT = "error during container init: ";

    private Failure() {}

    /** @param command null if it did not come to that */
    static String line(Command command, Throwable e) {
        if (e instanceof ContainerException known) {
            boolean begun = command != null && known.kind() != ErrorKind.NOT_FOUND;
            String prefix = begun ? command.failurePrefix() : "";
            String line = prefix.isEmpty() ? known.line() : known.lineWithoutOperation();
            String shown = known.hasDetails() ? line : Shown.escaped(line);
            return prefix.isEmpty() ? shown : prefix + launch(known) + shown;
        }
        if (e instanceof UsageException || e instanceof KernelException) {
            return Shown.escaped(e.getMessage());
        }
        if (e instanceof FileSystemException file) {
            return Shown.escaped("open %s: %s".formatted(file.getFile(), IoReason.of(file)));
        }
        if (e instanceof UncheckedIOException wrapped && wrapped.getCause() instanceof FileSystemException) {
            return line(command, wrapped.getCause());
        }
        if (e instanceof InvalidPathException path) {
            return Shown.escaped("`%s` is no name of a file here: it has bytes that are no UTF-8, or NUL"
                    .formatted(path.getInput()));
        }
        if (e instanceof OutOfMemoryError) {
            return "the memory of the JVM is used up";
        }
        Optional<String> shortage = e instanceof Error ? shortageOfFiles(e) : Optional.empty();
        if (shortage.isPresent()) {
            return shortage.get();
        }
        String message = Shown.messageOf(e);
        return Shown.escaped("internal error: %s%s; run with --debug for the rest"
                .formatted(e.getClass().getName(), message == null ? "" : ": " + message));
    }

    /** Without descriptors Java's classes cannot be loaded, and say so in many ways. */
    private static Optional<String> shortageOfFiles(Throwable e) {
        if (isOfTheSystem(e)) {
            return Optional.of(SYSTEM_SHORTAGE);
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith("Max open files "))
                    .map(line -> line.split("\\s+")[3])
                    .filter(soft -> !soft.equals("unlimited") && Long.parseLong(soft) < ENOUGH_FILES)
                    .map(soft -> OWN_SHORTAGE)
                    .findFirst();
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.of(isOfTheSystem(unreadable) ? SYSTEM_SHORTAGE : OWN_SHORTAGE);
        }
    }

    private static boolean isOfTheSystem(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("Too many open files in system"));
    }

    private static String launch(ContainerException e) {
        if (!(e instanceof StepFailure step)) {
            return "";
        }
        return step.phase() == StepFailure.Phase.RUNTIME ? LAUNCH : LAUNCH + IN_INIT;
    }
}
