package dev.gantry.cli;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.image.ImageCommands;
import dev.gantry.cli.oci.OciCommands;
import dev.gantry.cli.script.ScriptCommands;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The commands of both packages by name. */
final class Commands {
    private Commands() {}

    // those that engines start come first, and with them alone no class of the others is loaded
    static Optional<Command> find(String name) {
        Command found = OciCommands.find(name);
        found = found == null ? ImageCommands.find(name) : found;
        return Optional.ofNullable(found == null ? ScriptCommands.find(name) : found);
    }

    /** Returns all names in their order. */
    static List<String> names() {
        return Stream.of(OciCommands.names(), ImageCommands.names(), ScriptCommands.names())
                .flatMap(List::stream)
                .sorted()
                .toList();
    }
}
