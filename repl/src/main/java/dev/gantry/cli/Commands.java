package dev.gantry.cli;

import java.util.List;
import java.util.Optional;

/** The commands by name; only the one that is asked for is loaded. */
final class Commands {
    private static final List<String> NAMES = List.of(
            "check",
            "checkpoint",
            "compile",
            "create",
            "decompile",
            "delete",
            "diff",
            "doctor",
            "events",
            "exec",
            "explain",
            "features",
            "kill",
            "list",
            "pause",
            "ps",
            "repl",
            "restore",
            "resume",
            "run",
            "script",
            "spec",
            "start",
            "state",
            "sweep",
            "update");

    private Commands() {}

    // a switch and not a map of constructors, each of which would be linked at every start
    static Optional<Command> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "check" -> new CheckCommand();
                    case "checkpoint" -> new CheckpointCommand();
                    case "compile" -> new CompileCommand();
                    case "create" -> new CreateCommand();
                    case "decompile" -> new DecompileCommand();
                    case "delete" -> new DeleteCommand();
                    case "diff" -> new DiffCommand();
                    case "doctor" -> new DoctorCommand();
                    case "events" -> new EventsCommand();
                    case "exec" -> new ExecCommand();
                    case "explain" -> new ExplainCommand();
                    case "features" -> new FeaturesCommand();
                    case "kill" -> new KillCommand();
                    case "list" -> new ListCommand();
                    case "pause" -> new PauseCommand();
                    case "ps" -> new PsCommand();
                    case "repl" -> new ReplCommand();
                    case "restore" -> new RestoreCommand();
                    case "resume" -> new ResumeCommand();
                    case "run" -> new RunCommand();
                    case "script" -> new ScriptCommand();
                    case "spec" -> new SpecCommand();
                    case "start" -> new StartCommand();
                    case "state" -> new StateCommand();
                    case "sweep" -> new SweepCommand();
                    case "update" -> new UpdateCommand();
                    default -> null;
                });
    }

    /** Returns all names in their order. */
    static List<String> names() {
        return NAMES;
    }
}
