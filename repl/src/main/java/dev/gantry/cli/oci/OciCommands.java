package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import java.util.List;

/** The commands about single containers, by name; only the one that is asked for is loaded. */
public final class OciCommands {
    private static final List<String> NAMES = List.of(
            "checkpoint",
            "create",
            "delete",
            "events",
            "exec",
            "features",
            "kill",
            "list",
            "pause",
            "ps",
            "restore",
            "resume",
            "run",
            "spec",
            "start",
            "state",
            "sweep",
            "update");

    private OciCommands() {}

    /** Returns the command, or null if there is none of that name here. */
    // a switch and not a map of constructors, each of which would be linked at every start
    public static Command find(String name) {
        return switch (name) {
            case "checkpoint" -> new CheckpointCommand();
            case "create" -> new CreateCommand();
            case "delete" -> new DeleteCommand();
            case "events" -> new EventsCommand();
            case "exec" -> new ExecCommand();
            case "features" -> new FeaturesCommand();
            case "kill" -> new KillCommand();
            case "list" -> new ListCommand();
            case "pause" -> SimpleCommand.pause();
            case "ps" -> new PsCommand();
            case "restore" -> new RestoreCommand();
            case "resume" -> SimpleCommand.resume();
            case "run" -> new RunCommand();
            case "spec" -> new SpecCommand();
            case "start" -> SimpleCommand.start();
            case "state" -> SimpleCommand.state();
            case "sweep" -> SimpleCommand.sweep();
            case "update" -> new UpdateCommand();
            default -> null;
        };
    }

    /** Returns all names in their order. */
    public static List<String> names() {
        return NAMES;
    }
}
