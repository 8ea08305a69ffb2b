package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.dsl.ScriptParams;
import dev.gantry.dsl.ScriptRunner;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.error.Shown;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.repl.Repl;
import dev.gantry.terminal.HostTerminal;
import dev.gantry.text.Secrets;
import dev.gantry.value.Definition;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return new Options()
                .addOption(Opt.value("P", "param", "name=value", "set a parameter of the script"))
                .addOption(Opt.flag(null, "debug-on-failure", "open a prompt where it fails, its containers alive"))
                .addOption(Opt.flag(null, "summary", "show at the end what became of each container"))
                .addOption(Opt.value(null, "junit", "FILE", "write a test case for each step and each check"))
                .addOption(Opt.value(null, "log-format", "FORMAT", "`text`, or `json` for a log of what happens"))
                .addOption(Opt.value(null, "timeout", "TIME", "end the script after a time such as `10min`"));
    }

    @Override
    public boolean passesRestOn() {
        return true;
    }

    @Override
    public boolean cleansUpAtSignals() {
        return true;
    }

    @Override
    public int run(Invocation in) {
        Path file = RawPath.here(in.arg(0, "FILE"));
        List<String> params = new ArrayList<>(DefinitionFiles.params(in));
        List<String> args = in.args().subList(1, in.args().size());
        while (args.size() > 1
                && args.get(0).equals("-P")) { // after the file they are taken too, up to the first other
            params.add(args.get(1));
            args = args.subList(2, args.size());
        }
        boolean json = isJson(in);
        ScriptReport report = new ScriptReport(file.toString(), in.secrets(), json ? in.err() : null);
        begin(in, report);
        if (!json) {
            return run(in, file, args, params, report);
        }
        try (PrintStream err = LineEvents.to(report::line)) { // nothing but events is in the log
            return run(in.printingErrorsTo(err), file, args, params, report);
        }
    }

    private static int run(Invocation in, Path file, List<String> args, List<String> params, ScriptReport report) {
        try {
            Optional<Duration> limit =
                    in.has("timeout") ? Optional.of(duration(in.value("timeout", ""))) : Optional.empty();
            return run(in, existing(file), args, ScriptParams.of(params), report, limit);
        } catch (RuntimeException | Error e) { // the edge makes a line of it
            report.failed(e, Shown.messageOf(e) == null ? e.getClass().getSimpleName() : Shown.messageOf(e));
            throw e;
        } finally {
            report(in, report);
        }
    }

    private static int run(
            Invocation in,
            Path file,
            List<String> args,
            ScriptParams params,
            ScriptReport report,
            Optional<Duration> limit) {
        LazyGantry gantry = new LazyGantry(in);
        boolean json = isJson(in);
        try (gantry;
                ScriptRunner runner = new ScriptRunner(gantry::get, in.raw(), in.err(), report, in.secrets());
                ScriptTimer timer = new ScriptTimer(limit, runner, line -> {
                    outOfTime(in, report, line);
                    report(in, report);
                })) {
            debug(in, runner);
            Thread end = new Thread(runner::close, "gantry-end");
            Runtime.getRuntime().addShutdownHook(end);
            try {
                int status = timer.watch(() -> runner.run(file, args, params));
                report.exited(timer.isOver() ? ScriptTimer.STATUS : status);
                return timer.isOver() ? ScriptTimer.STATUS : status;
            } catch (ScriptMistakes | ScriptFailure e) {
                if (!timer.isOver()) {
                    throw e;
                }
                return outOfTime(in, report, timer.line());
            } finally {
                removeHook(end);
            }
        } catch (ScriptMistakes e) {
            report.failed(e, e.getMessage());
            if (!json) {
                in.err().println(e.getMessage());
            }
            return 1;
        } catch (ScriptFailure e) {
            report.failed(e, e.line());
            say(e.line(), json, in);
            if (in.global().hasOption("debug")) {
                e.getCause().printStackTrace(in.err());
            }
            return e.exitStatus();
        }
    }

    private static int outOfTime(Invocation in, ScriptReport report, String line) {
        report.failed(null, line);
        say(line, isJson(in), in);
        return ScriptTimer.STATUS;
    }

    private static boolean isJson(Invocation in) {
        return switch (in.value("log-format", "text")) {
            case "json" -> true;
            case "text" -> false;
            default -> throw new UsageException("`--log-format` must be `text` or `json`");
        };
    }

    private static void debug(Invocation in, ScriptRunner runner) {
        boolean wanted = in.has("debug-on-failure") || in.global().hasOption("debug-on-failure");
        boolean atTerminal = HostTerminal.isAt(0) && HostTerminal.isAt(1);
        if (atTerminal) {
            if (wanted) {
                runner.debugFailuresBy(Repl::debug);
            } else {
                runner.debugBy(Repl::debug);
            }
        } else if (wanted) {
            in.err().println("gantry: warning: --debug-on-failure: there is no terminal to open a prompt at");
        }
    }

    /** A log in JSON has it already. */
    private static void say(String line, boolean json, Invocation in) {
        if (!json) {
            in.err().println("gantry: " + line);
        }
    }

    /** What cannot be written is told when there is something to write. */
    private static void begin(Invocation in, ScriptReport report) {
        if (in.has("junit")) {
            try {
                report.beginJUnit(RawPath.here(in.value("junit", "")));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void report(Invocation in, ScriptReport report) {
        if (in.has("summary") && !isJson(in)) { // a log in JSON has it already
            report.printSummary(in.err());
        }
        if (in.has("junit")) {
            Path file = RawPath.here(in.value("junit", ""));
            try {
                report.writeJUnit(file);
            } catch (IOException e) {
                in.err().printf("gantry: warning: write `%s`: %s%n", file, IoReason.of(e));
            }
        }
    }

    private static Duration duration(String text) {
        try {
            return ScriptParams.duration(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("`--timeout`: " + e.getMessage());
        }
    }

    /** Returns what a script defines, without making anything. */
    static Map<String, Definition> definitions(Path file, ScriptParams params, Secrets secrets) {
        return ScriptRunner.definitions(existing(file), List.of(), params, secrets);
    }

    /** Searches a script for everything that is wrong, and returns what it defines. */
    static Map<String, Definition> checked(Path file, ScriptParams params, Secrets secrets) {
        return ScriptRunner.check(existing(file), List.of(), params, secrets);
    }

    /** What cannot be looked at, or is a directory, is left for the reader to tell. */
    private static Path existing(Path file) {
        boolean isOther = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
        if (isOther || Files.notExists(file)) {
            throw new UsageException("no such script: `%s`".formatted(RawPath.text(file)));
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
