package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.runtime.Gantry;
import org.apache.commons.cli.Options;

/** {@code delete}: removes a container and all that was made for it. */
final class DeleteCommand implements Command {
    @Override
    public String summary() {
        return "remove a container";
    }

    @Override
    public String arguments() {
        return "[--force] CONTAINER";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.flag("f", "force", "kill it first; no error if there is none"));
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            if (in.has("force")) {
                deleteIfThere(gantry, in.onlyId());
            } else {
                gantry.container(in.onlyId()).delete(false);
            }
        }
        return 0;
    }

    /** Kills and deletes a container that somebody else may have deleted already. */
    static void deleteIfThere(Gantry gantry, String id) {
        try {
            gantry.container(id).delete(true);
        } catch (ContainerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
