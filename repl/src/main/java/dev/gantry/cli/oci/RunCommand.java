package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Stdio;
import dev.gantry.oci.OciConfig;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Internals;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.Definition;
import dev.gantry.value.StepFailure;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code run}: makes a container, starts it, and stays with it to its end unless it is to run by itself. */
final class RunCommand implements Command {
    private static final int NOT_EXECUTED = 255;

    @Override
    public String summary() {
        return "make and start a container";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER | [options] --image NAME [PROGRAM [ARGUMENT...]]";
    }

    /** As runc 1.3: its init is the program that could not be executed, and so ends as it does for exec. */
    @Override
    public int failure(Throwable e) {
        boolean executing = e instanceof StepFailure failure && failure.phase() == StepFailure.Phase.EXEC;
        return executing ? NOT_EXECUTED : 1;
    }

    @Override
    public String failurePrefix() {
        return "gantry run failed: ";
    }

    @Override
    public Options options() {
        return new CreateCommand()
                .options()
                .addOption(Opt.flag("d", "detach", "leave it running"))
                .addOption(Opt.flag(null, "keep", "do not remove it at its end"))
                .addOption(Opt.value(null, "image", "NAME", "an image, see docs/images.md, instead of a bundle"))
                .addOption(Opt.value(null, "id", "CONTAINER", "the id of a container of an image"))
                .addOption(Opt.flag("t", "tty", "give the program of an image a terminal"))
                .addOption(noSubreaper());
    }

    @Override
    public boolean passesRestOn(List<String> words) {
        return words.stream().anyMatch(word -> word.matches("--?image(=.*)?"));
    }

    static Option noSubreaper() {
        return Opt.flag(null, "no-subreaper", "accepted: orphans of a container are never adopted");
    }

    @Override
    public int run(Invocation in) {
        String id = in.has("image") ? ImageDefinition.id(in) : in.onlyId();
        Definition definition = in.has("image") ? ImageDefinition.of(in, id) : CreateCommand.bundle(in);
        boolean terminal = CreateCommand.wantsTerminal(definition);
        boolean detach = in.has("detach");
        Handover handover = Handover.of(in, terminal, detach);
        Preserved preserved = Preserved.of(in, System.getenv());
        try (Gantry gantry = detach ? in.openToLeave() : in.open();
                Foreground foreground = Foreground.open(terminal && !detach, "set `process.terminal` to false");
                Readiness readiness = Readiness.of(in, gantry)) {
            Definition wanted = sized(CreateCommand.preserving(definition, preserved), foreground);
            Stdio stdio = Stdio.inherited().with(preserved.fds());
            CreateOptions options = readiness.offered(CreateCommand.options(in));
            Container container = readiness.isAwaited()
                    ? Internals.create(gantry, id, wanted, stdio, options)
                    : Internals.start(gantry, id, wanted, stdio, options);
            foreground.known(Internals.process(container).orElseThrow());
            in.warn(Internals.plan(container));
            CreateCommand.report(handover, container);
            if (readiness.isAwaited()) {
                start(gantry, readiness, container);
            }
            if (detach) {
                readiness.await(container);
                return 0;
            }
            readiness.passOn();
            return stay(foreground, gantry, container, in.has("keep"));
        }
    }

    /** Starts a container that was only created, because its caller waits until it is ready. */
    private static void start(Gantry gantry, Readiness readiness, Container container) {
        try {
            readiness.listenTo(container);
            container.start();
        } catch (RuntimeException e) {
            DeleteCommand.deleteIfThere(gantry, container.id());
            throw e;
        }
    }

    private static int stay(Foreground foreground, Gantry gantry, Container container, boolean keep) {
        try (ContainerProcess process = Internals.process(container).orElseThrow()) {
            return foreground.stayWith(process).shell();
        } finally {
            if (!keep) {
                DeleteCommand.deleteIfThere(gantry, container.id());
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
