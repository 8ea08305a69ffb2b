package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import org.apache.commons.cli.Options;

/** {@code kill}: sends a signal to a container's first process. */
final class KillCommand implements Command {
    @Override
    public String summary() {
        return "send a signal (default: TERM) to a container's first process";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER [SIGNAL]";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.flag("a", "all", "send it to all processes of the container"));
    }

    @Override
    public int run(Invocation in) {
        String id = in.arg(0, "CONTAINER");
        int signal = signal(in.args().size() > 1 ? in.args().get(1) : "TERM");
        try (Gantry gantry = in.open()) {
            Container container = gantry.container(id);
            if (in.has("all")) {
                container.killAll(signal);
            } else {
                container.kill(signal);
            }
        }
        return 0;
    }

    private static int signal(String text) {
        try {
            return Signal.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }
}
