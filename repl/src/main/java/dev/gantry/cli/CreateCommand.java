package dev.gantry.cli;

import dev.gantry.runtime.Container;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Stdio;
import java.nio.file.Path;
import org.apache.commons.cli.Options;

/** {@code create}: makes a container that waits for {@code start}. */
final class CreateCommand implements Command {
    @Override
    public String summary() {
        return "make a container that waits for `start`";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value("b", "bundle", "DIR", "the bundle (default: the working directory)"))
                .addOption(Opt.value(null, "pid-file", "FILE", "where to write the pid of the first process"));
    }

    @Override
    public int run(Invocation in) {
        String id = in.onlyId();
        Definition definition = Bundle.read(Path.of(in.value("bundle", "")));
        if (definition.config().process() != null
                && definition.config().process().isTerminal()) {
            throw new UsageException("cannot allocate tty if gantry will detach without setting console socket");
        }
        try (Gantry gantry = in.open()) {
            Container container = gantry.create(id, definition, Stdio.inherited());
            in.warn(container.plan());
            PidFile.write(in.value("pid-file", null), container);
        }
        return 0;
    }
}
