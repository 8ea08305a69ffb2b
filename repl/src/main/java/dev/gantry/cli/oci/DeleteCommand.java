package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.KernelException;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.commons.cli.Options;

/** {@code delete}: removes a container and all that was made for it. */
final class DeleteCommand implements Command {
    @Override
    public String summary() {
        return "remove a container";
    }

    @Override
    public String arguments() {
        return "[--force] [--regex] CONTAINER";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.flag("f", "force", "kill it first; no error if there is none"))
                .addOption(
                        Opt.flag("r", "regex", "CONTAINER is a regular expression: remove all whose id has a match"));
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            if (in.has("regex")) {
                return deleteMatching(gantry, pattern(in.onlyId()), in);
            }
            delete(gantry, in.onlyId(), in.has("force"));
        }
        return 0;
    }

    /** Whatever becomes of one, the others are deleted; those that could not be are reported, one line each. */
    private static int deleteMatching(Gantry gantry, Predicate<String> matches, Invocation in) {
        int status = 0;
        for (Container container : gantry.containers()) {
            if (!matches.test(container.id())) {
                continue;
            }
            try {
                delete(gantry, container.id(), in.has("force"));
            } catch (ContainerException | KernelException e) {
                in.log().warning(e.getMessage());
                status = 1;
            }
        }
        return status;
    }

    private static Predicate<String> pattern(String regex) {
        try {
            return Pattern.compile(regex).asPredicate();
        } catch (PatternSyntaxException e) {
            throw new UsageException("`%s` is not a regular expression: %s".formatted(regex, e.getDescription()));
        }
    }

    private static void delete(Gantry gantry, String id, boolean force) {
        if (force) {
            deleteIfThere(gantry, id);
        } else {
            gantry.container(id).delete();
        }
    }

    /** Kills and deletes a container that somebody else may have deleted already. */
    static void deleteIfThere(Gantry gantry, String id) {
        try {
            gantry.container(id).deleteForcibly();
        } catch (ContainerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
