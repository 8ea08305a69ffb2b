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
        boolean force = in.has("force");
        try (Gantry gantry = in.open()) {
            gantry.container(in.onlyId()).delete(force);
        } catch (ContainerException e) {
            if (!force || e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
        return 0;
    }
}
