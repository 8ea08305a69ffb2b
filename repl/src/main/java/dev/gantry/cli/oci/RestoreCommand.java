package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import org.apache.commons.cli.Options;

/** {@code restore}: refused as {@code checkpoint} is. */
final class RestoreCommand implements Command {
    @Override
    public String summary() {
        return "make a container from a checkpoint (not there yet)";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER";
    }

    @Override
    public Options options() {
        Options options = CheckpointCommand.shared()
                .addOption(Opt.flag("d", "detach", "leave it running"))
                .addOption(Opt.value(null, "lsm-profile", "TYPE:NAME", "another profile for its processes"))
                .addOption(Opt.value(null, "lsm-mount-context", "CONTEXT", "another context for its mounts"));
        new CreateCommand()
                .options().getOptions().stream()
                        .filter(option -> !option.getLongOpt().equals("preserve-fds"))
                        .forEach(options::addOption);
        return options.addOption(RunCommand.noSubreaper());
    }

    @Override
    public int run(Invocation in) {
        throw CheckpointCommand.refused("restore", in.onlyId());
    }
}
