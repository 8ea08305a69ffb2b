package dev.gantry.cli;

import dev.gantry.kernel.ExitStatus;
import dev.gantry.oci.OciConfig;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerProcess;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Stdio;
import java.nio.file.Path;
import org.apache.commons.cli.Options;

/** {@code run}: makes a container, starts it, and stays with it to its end unless it is to run by itself. */
final class RunCommand implements Command {
    @Override
    public String summary() {
        return "make and start a container";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER";
    }

    @Override
    public Options options() {
        return new CreateCommand()
                .options()
                .addOption(Opt.flag("d", "detach", "leave it running"))
                .addOption(Opt.flag(null, "keep", "do not remove it at its end"));
    }

    @Override
    public int run(Invocation in) {
        String id = in.onlyId();
        Definition definition = Bundle.read(Path.of(in.value("bundle", "")));
        boolean terminal = definition.config().process() != null
                && definition.config().process().isTerminal();
        if (terminal && in.has("detach")) {
            throw new UsageException("cannot allocate tty if gantry will detach without setting console socket");
        }
        try (Gantry gantry = in.open();
                Foreground foreground = Foreground.open(terminal)) {
            Container container = gantry.start(id, sized(definition, foreground), Stdio.inherited());
            in.warn(container.plan());
            PidFile.write(in.value("pid-file", null), container);
            if (in.has("detach")) {
                return 0;
            }
            try (ContainerProcess process = container.process().orElseThrow()) {
                ExitStatus status = foreground.stayWith(process);
                return status.shell();
            } finally {
                if (!in.has("keep")) {
                    container.delete(true);
                }
            }
        }
    }

    private static Definition sized(Definition definition, Foreground foreground) {
        OciConfig config = definition.config();
        if (config.process() == null) {
            return definition;
        }
        OciConfig sized =
                config.toBuilder().process(foreground.sized(config.process())).build();
        return definition.with(sized);
    }
}
