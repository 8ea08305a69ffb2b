package dev.gantry.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The commands by name; only the one that is asked for is loaded. */
final class Commands {
    private static final Map<String, Supplier<Command>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("check", CheckCommand::new);
        ALL.put("checkpoint", CheckpointCommand::new);
        ALL.put("compile", CompileCommand::new);
        ALL.put("create", CreateCommand::new);
        ALL.put("decompile", DecompileCommand::new);
        ALL.put("delete", DeleteCommand::new);
        ALL.put("diff", DiffCommand::new);
        ALL.put("doctor", DoctorCommand::new);
        ALL.put("events", EventsCommand::new);
        ALL.put("exec", ExecCommand::new);
        ALL.put("explain", ExplainCommand::new);
        ALL.put("features", FeaturesCommand::new);
        ALL.put("kill", KillCommand::new);
        ALL.put("list", ListCommand::new);
        ALL.put("pause", PauseCommand::new);
        ALL.put("ps", PsCommand::new);
        ALL.put("repl", ReplCommand::new);
        ALL.put("restore", RestoreCommand::new);
        ALL.put("resume", ResumeCommand::new);
        ALL.put("run", RunCommand::new);
        ALL.put("script", ScriptCommand::new);
        ALL.put("spec", SpecCommand::new);
        ALL.put("start", StartCommand::new);
        ALL.put("state", StateCommand::new);
        ALL.put("sweep", SweepCommand::new);
        ALL.put("update", UpdateCommand::new);
    }

    private Commands() {}

    static Optional<Command> find(String name) {
        return Optional.ofNullable(ALL.get(name)).map(Supplier::get);
    }

    static Map<String, Supplier<Command>> all() {
        return Map.copyOf(ALL);
    }
}
