package dev.gantry.cli;

import dev.gantry.oci.OciConfig;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerProcess;
import dev.gantry.runtime.CreateOptions;
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
    public String failurePrefix() {
        return "gantry create failed: ";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value("b", "bundle", "DIR", "the bundle (default: the working directory)"))
                .addOption(Opt.value(null, "console-socket", "PATH", "unix socket to which the terminal is sent"))
                .addOption(Opt.value(null, "pidfd-socket", "PATH", "unix socket to which a pidfd is sent"))
                .addOption(Opt.value(null, "pid-file", "FILE", "where to write the pid of the first process"))
                .addOption(Opt.flag(null, "no-pivot", "move the root instead of a pivot, for a root on a ram disk"))
                .addOption(Opt.flag(null, "no-new-keyring", "keep the caller's session keyring"))
                .addOption(Opt.value(null, "preserve-fds", "NUMBER", "how many descriptors from 3 on to pass on"));
    }

    @Override
    public int run(Invocation in) {
        String id = in.onlyId();
        Definition definition = bundle(in);
        Handover handover = Handover.of(in, wantsTerminal(definition), true);
        Preserved preserved = Preserved.of(in, System.getenv());
        try (Gantry gantry = in.openToLeave()) {
            Container container = gantry.create(
                    id, told(definition, preserved), Stdio.inherited().with(preserved.fds()), how(in));
            in.warn(container.plan());
            tell(handover, container);
        }
        return 0;
    }

    /** Returns the bundle that the options name. */
    static Definition bundle(Invocation in) {
        return Bundle.read(Path.of(in.value("bundle", "")).toAbsolutePath());
    }

    static boolean wantsTerminal(Definition definition) {
        return definition.config().process() != null
                && definition.config().process().isTerminal();
    }

    static Definition told(Definition definition, Preserved preserved) {
        OciConfig config = definition.config();
        return config.process() == null
                ? definition
                : definition.with(config.toBuilder()
                        .process(preserved.told(config.process()))
                        .build());
    }

    static CreateOptions how(Invocation in) {
        CreateOptions pivot = in.has("no-pivot") ? CreateOptions.DEFAULT.withoutPivot() : CreateOptions.DEFAULT;
        return Readiness.offered(in.has("no-new-keyring") ? pivot.keepingKeyring() : pivot);
    }

    /** Tells the caller of the first process; deletes the container if that fails. */
    static void tell(Handover handover, Container container) {
        ContainerProcess process = container.process().orElseThrow();
        try {
            handover.tellOf(process);
        } catch (RuntimeException e) {
            container.delete(true);
            throw e;
        }
    }
}
