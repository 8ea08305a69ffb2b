package dev.gantry.cli.oci;

import dev.gantry.cli.command.Bundle;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.RawPath;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Stdio;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Internals;
import dev.gantry.value.CreateOptions;
import dev.gantry.value.Definition;
import org.apache.commons.cli.Options;

/** {@code create}: makes a container that waits for {@code start}. */
final class CreateCommand implements Command {
    private static final String TRUST = "trust-annotations";

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
                .addOption(Opt.value(null, "preserve-fds", "NUMBER", "how many descriptors from 3 on to pass on"))
                .addOption(Opt.flag(null, TRUST, "for compiled bundles: they may ask for this machine's files"));
    }

    @Override
    public int run(Invocation in) {
        String id = in.onlyId();
        Definition definition = bundle(in);
        Handover handover = Handover.of(in, wantsTerminal(definition), true);
        Preserved preserved = Preserved.of(in, System.getenv());
        try (Gantry gantry = in.openToLeave()) {
            CreateOptions options;
            try (Readiness readiness = Readiness.of(in, gantry)) {
                options = readiness.offered(options(in));
            }
            Container container = Internals.create(
                    gantry,
                    id,
                    preserving(definition, preserved),
                    Stdio.inherited().with(preserved.fds()),
                    options);
            in.warn(Internals.plan(container));
            report(handover, container);
        }
        return 0;
    }

    /**
     * Returns the bundle that the options name.
     *
     * @throws ContainerException if its config has an annotation of {@link GantryAnnotations#OF_SCRIPTS}, and the
     *     caller does not say that the config is their own
     */
    static Definition bundle(Invocation in) {
        Definition definition = Bundle.read(RawPath.here(in.value("bundle", "")).toAbsolutePath());
        if (!in.has(TRUST)) {
            GantryAnnotations.OF_SCRIPTS.stream()
                    .filter(definition.config().annotations()::containsKey)
                    .findFirst()
                    .ifPresent(CreateCommand::refuse);
        }
        return definition;
    }

    private static void refuse(String annotation) {
        throw new ContainerException(
                ErrorKind.CONFIG,
                "the annotation `%s` may have come from an image".formatted(annotation),
                "use --%s if the config is your own".formatted(TRUST),
                null);
    }

    static boolean wantsTerminal(Definition definition) {
        return definition.config().process() != null
                && definition.config().process().isTerminal();
    }

    static Definition preserving(Definition definition, Preserved preserved) {
        OciConfig config = definition.config();
        return config.process() == null
                ? definition
                : definition.with(config.toBuilder()
                        .process(preserved.describedTo(config.process()))
                        .build());
    }

    static CreateOptions options(Invocation in) {
        CreateOptions pivot = in.has("no-pivot") ? CreateOptions.DEFAULT.withoutPivot() : CreateOptions.DEFAULT;
        CreateOptions shown = in.has("console-socket") ? pivot.handingTerminalOver() : pivot;
        return in.has("no-new-keyring") ? shown.keepingKeyring() : shown;
    }

    /** Reports the first process to the caller; deletes the container if that fails. */
    static void report(Handover handover, Container container) {
        ContainerProcess process = Internals.process(container).orElseThrow();
        try {
            handover.tellOf(process);
        } catch (RuntimeException e) {
            container.deleteForcibly();
            throw e;
        }
    }
}
