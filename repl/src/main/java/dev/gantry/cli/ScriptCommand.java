package dev.gantry.cli;

import dev.gantry.dsl.ScriptFailure;
import dev.gantry.dsl.ScriptMistakes;
import dev.gantry.dsl.ScriptParams;
import dev.gantry.dsl.ScriptRunner;
import dev.gantry.runtime.Definition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code gantry FILE}: runs a script; everything after the file is the script's. */
final class ScriptCommand implements Command {
    @Override
    public String summary() {
        return "run a script; `gantry FILE` for short";
    }

    @Override
    public String arguments() {
        return "[options] FILE.ctr.groovy [arguments]";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.value("P", "param", "name=value", "set a parameter of the script"));
    }

    @Override
    public boolean passesRestOn() {
        return true;
    }

    @Override
    public int run(Invocation in) {
        Path file = Path.of(in.arg(0, "FILE"));
        List<String> params = new ArrayList<>(Definitions.params(in));
        List<String> args = in.args().subList(1, in.args().size());
        while (args.size() > 1
                && args.get(0).equals("-P")) { // after the file they are taken too, up to the first other
            params.add(args.get(1));
            args = args.subList(2, args.size());
        }
        LazyGantry gantry = new LazyGantry(in);
        try (gantry;
                ScriptRunner runner = new ScriptRunner(gantry::get, in.out())) {
            Thread end = new Thread(runner::close, "gantry-end");
            Runtime.getRuntime().addShutdownHook(end);
            try {
                return runner.run(existing(file), args, ScriptParams.of(params));
            } finally {
                removeHook(end);
            }
        } catch (ScriptMistakes e) {
            in.err().println(e.getMessage());
            return 1;
        } catch (ScriptFailure e) {
            in.err().println("gantry: " + e.line());
            if (in.global().hasOption("debug")) {
                e.getCause().printStackTrace(in.err());
            }
            return e.exitStatus();
        }
    }

    /** Returns what a script defines, without making anything. */
    static Map<String, Definition> definitions(Path file, ScriptParams params) {
        return ScriptRunner.definitions(existing(file), List.of(), params);
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("no such script: `%s`".formatted(file));
        }
        return file;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // it is running: the process is being ended
        }
    }
}
