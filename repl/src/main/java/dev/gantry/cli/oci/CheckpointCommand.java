package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import org.apache.commons.cli.Options;

/** {@code checkpoint}: refused, until there is something that can do it; its options are known, its help is shown. */
final class CheckpointCommand implements Command {
    @Override
    public String summary() {
        return "freeze a container into files (not there yet)";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER";
    }

    @Override
    public Options options() {
        return shared().addOption(Opt.flag(null, "leave-running", "do not end the container"))
                .addOption(Opt.value(null, "page-server", "ADDRESS:PORT", "send memory to criu's page server"))
                .addOption(Opt.flag(null, "pre-dump", "memory only, and go on"))
                .addOption(
                        Opt.value(null, "parent-path", "DIR", "images of an earlier one, relative to the image path"))
                .addOption(Opt.value(null, "status-fd", "NUMBER", "where to write a byte when lazy pages are ready"));
    }

    /** Returns the options that {@code restore} has as well. */
    static Options shared() {
        return new Options()
                .addOption(Opt.value(null, "image-path", "DIR", "where the images are (default: ./checkpoint)"))
                .addOption(Opt.value(null, "work-path", "DIR", "where logs are written"))
                .addOption(Opt.flag(null, "tcp-established", "with open connections"))
                .addOption(Opt.flag(null, "tcp-skip-in-flight", "without connections that are being made"))
                .addOption(Opt.flag(null, "link-remap", "with open files that were removed"))
                .addOption(Opt.flag(null, "ext-unix-sk", "with unix sockets of others"))
                .addOption(Opt.flag(null, "shell-job", "with a terminal of somebody else"))
                .addOption(Opt.flag(null, "lazy-pages", "memory follows when it is asked for"))
                .addOption(Opt.flag(null, "file-locks", "with locks of files"))
                .addOption(Opt.value(null, "manage-cgroups-mode", "MODE", "`soft`, `full`, `strict` or `ignore`"))
                .addOption(Opt.values(null, "empty-ns", "NAMESPACE", "without what is in it"))
                .addOption(Opt.flag(null, "auto-dedup", "remove what is in a later image as well"));
    }

    @Override
    public int run(Invocation in) {
        throw refused("checkpoint", in.onlyId());
    }

    static ContainerException refused(String command, String id) {
        return new ContainerException(
                ErrorKind.UNSUPPORTED,
                "%s `%s`: checkpoints are not supported".formatted(command, id),
                "stop the container and start it again",
                null);
    }
}
