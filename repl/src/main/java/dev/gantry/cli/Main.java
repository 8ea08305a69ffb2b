package dev.gantry.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The entry point of the command line: finds the command, runs it, and tells of its failure in one line. */
public final class Main {
    /** As of the command line library of runc. */
    private static final int NO_SUCH_COMMAND = 3;

    private final PrintStream out;
    private final PrintStream err;
    private boolean cleansUpAtSignals;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs and ends the process with the exit status. */
    public static void main(String[] args) {
        Main main = new Main(System.out, System.err);
        int status = main.run(args);
        System.out.flush();
        if (main.cleansUpAtSignals) {
            System.exit(status);
        }
        Runtime.getRuntime()
                .halt(status); // exit() would open every jar to look for a logger of its own, from JDK 21 on
    }

    /** Returns the exit status. */
    int run(String... args) {
        Log log = Log.plain(err);
        Command command = null;
        try {
            CommandLine global = parse(globalOptions(), List.of(args), true);
            log = Log.of(global, err);
            checkRootless(global);
            List<String> rest = global.getArgList();
            if (global.hasOption("version")) {
                Version.print(out);
                return 0;
            }
            if (global.hasOption("help")) {
                Help.overview(out, globalOptions());
                return 0;
            }
            if (rest.isEmpty()) {
                rest = List.of("repl");
            }
            if (rest.get(0).startsWith("-")) {
                throw new UsageException("unrecognized option: " + rest.get(0));
            }
            String name = isScript(rest.get(0)) || runsScript(rest) ? "script" : rest.get(0);
            List<String> own = isScript(rest.get(0)) ? rest : rest.subList(1, rest.size());
            Optional<Command> found = Commands.find(name);
            if (found.isEmpty()) {
                err.printf("gantry: No help topic for '%s'; see `gantry --help`%n", name);
                return NO_SUCH_COMMAND;
            }
            command = found.get();
            cleansUpAtSignals = command.cleansUpAtSignals();
            if (own.stream().takeWhile(a -> a.startsWith("-")).anyMatch(a -> a.matches("--?h(elp)?"))) {
                Help.command(out, name, command);
                return 0;
            }
            log.debug(name + " " + String.join(" ", own));
            return run(command, global, own, log);
        } catch (Exception e) { // the edge: whatever happened becomes one line
            if (log.isDebug()) {
                e.printStackTrace(err);
            }
            log.error(Failure.line(command, e));
            return command == null || e instanceof UsageException ? 1 : command.failure();
        }
    }

    private static void checkRootless(CommandLine global) {
        String rootless = global.getOptionValue("rootless", "auto");
        if (!rootless.matches("auto|true|false|1|0|t|f")) {
            throw new UsageException("invalid value for rootless: `%s` is not true, false or auto".formatted(rootless));
        }
    }

    private int run(Command command, CommandLine global, List<String> own, Log log) throws Exception {
        CommandLine line = parse(command.options(), own, command.passesRestOn());
        List<String> arguments = new ArrayList<>(line.getArgList());
        if (command.passesRestOn() && !arguments.isEmpty() && arguments.get(0).startsWith("-")) {
            throw new UsageException("unrecognized option: " + arguments.get(0));
        }
        if (command.passesRestOn() && arguments.size() > 1 && arguments.get(1).equals("--")) {
            arguments.remove(1);
        }
        return command.run(new Invocation(global, line, arguments, out, err, log));
    }

    private static CommandLine parse(Options options, List<String> args, boolean stopAtFirstArgument) {
        try {
            List<String> plain = Switches.plain(options, args, stopAtFirstArgument);
            return new DefaultParser(false).parse(options, plain.toArray(new String[0]), stopAtFirstArgument);
        } catch (MissingArgumentException e) {
            throw new UsageException(
                    "option `--%s` requires an argument".formatted(e.getOption().getLongOpt()));
        } catch (ParseException e) {
            throw new UsageException(lowerFirst(e.getMessage()));
        }
    }

    private static String lowerFirst(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static boolean isScript(String word) {
        return word.endsWith(".groovy")
                || (Commands.find(word).isEmpty() && word.contains("/") && Files.isRegularFile(Path.of(word)));
    }

    /** {@code run FILE.ctr.groovy}: no id of a container ends so. */
    private static boolean runsScript(List<String> words) {
        return words.get(0).equals("run") && words.stream().anyMatch(word -> word.endsWith(".ctr.groovy"));
    }

    private static Options globalOptions() {
        return new Options()
                .addOption(Option.builder()
                        .longOpt("root")
                        .hasArg()
                        .argName("DIR")
                        .desc("state root (default: /run/gantry)")
                        .get())
                .addOption(Opt.value(null, "log", "FILE", "where errors are appended for programs to read"))
                .addOption(Opt.value(null, "log-format", "FORMAT", "`text` (default) or `json`"))
                .addOption(Opt.value(null, "rootless", "true|false|auto", "accepted: found out by itself"))
                .addOption(Option.builder()
                        .longOpt("systemd-cgroup")
                        .desc("have systemd make cgroups; cgroupsPath is `slice:prefix:name` then")
                        .get())
                .addOption(
                        Opt.flag(null, "debug-on-failure", "open a prompt where a script fails, its containers alive"))
                .addOption(Option.builder()
                        .longOpt("debug")
                        .desc("show stack traces")
                        .get())
                .addOption(Option.builder("h")
                        .longOpt("help")
                        .desc("show this help")
                        .get())
                .addOption(Option.builder("v")
                        .longOpt("version")
                        .desc("show the version")
                        .get());
    }
}
