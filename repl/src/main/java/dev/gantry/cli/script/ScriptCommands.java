package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import java.util.List;

/** The commands about scripts, by name; only the one that is asked for is loaded. */
public final class ScriptCommands {
    private static final List<String> NAMES =
            List.of("check", "compile", "decompile", "diff", "doctor", "explain", "repl", "script");

    private ScriptCommands() {}

    /** Returns the command, or null if there is none of that name here. */
    public static Command find(String name) {
        return switch (name) {
            case "check" -> new CheckCommand();
            case "compile" -> new CompileCommand();
            case "decompile" -> new DecompileCommand();
            case "diff" -> new DiffCommand();
            case "doctor" -> new DoctorCommand();
            case "explain" -> new ExplainCommand();
            case "repl" -> new ReplCommand();
            case "script" -> new ScriptCommand();
            default -> null;
        };
    }

    /** Returns all names in their order. */
    public static List<String> names() {
        return NAMES;
    }
}
