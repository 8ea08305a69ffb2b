package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.kernel.KernelException;
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
    private final PrintStream out;
    private final PrintStream err;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs and ends the process with the exit status. */
    public static void main(String[] args) {
        int status = new Main(System.out, System.err).run(args);
        System.out.flush();
        System.exit(status);
    }

    /** Returns the exit status. */
    int run(String... args) {
        int failure = 1;
        CommandLine global = null;
        try {
            global = parse(globalOptions(), List.of(args), true);
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
            String name = isScript(rest.get(0)) ? "script" : rest.get(0);
            List<String> own = name.equals(rest.get(0)) ? rest.subList(1, rest.size()) : rest;
            Optional<Command> found = Commands.find(name);
            if (found.isEmpty()) {
                err.printf("gantry: No help topic for '%s'; see `gantry --help`%n", name);
                return 3;
            }
            Command command = found.get();
            failure = command.failure();
            if (own.stream().takeWhile(a -> a.startsWith("-")).anyMatch(a -> a.matches("--?h(elp)?"))) {
                Help.command(out, name, command);
                return 0;
            }
            return run(command, global, own);
        } catch (Exception e) { // the edge: whatever happened becomes one line
            fail(e, global != null && global.hasOption("debug"));
            return failure;
        }
    }

    private int run(Command command, CommandLine global, List<String> own) throws Exception {
        Options options = command.options();
        CommandLine line;
        List<String> arguments;
        if (command.passesRestOn()) {
            line = parse(options, own, true);
            arguments = new ArrayList<>(line.getArgList());
            if (arguments.size() > 1 && arguments.get(1).equals("--")) {
                arguments.remove(1);
            }
        } else {
            line = parse(options, own, false);
            arguments = line.getArgList();
        }
        return command.run(new Invocation(global, line, arguments, out, err));
    }

    private static CommandLine parse(Options options, List<String> args, boolean stopAtFirstArgument) {
        try {
            return new DefaultParser(false).parse(options, args.toArray(new String[0]), stopAtFirstArgument);
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

    private static Options globalOptions() {
        return new Options()
                .addOption(Option.builder()
                        .longOpt("root")
                        .hasArg()
                        .argName("DIR")
                        .desc("state root (default: /run/gantry)")
                        .get())
                .addOption(Option.builder()
                        .longOpt("systemd-cgroup")
                        .desc("have systemd make cgroups; cgroupsPath is `slice:prefix:name` then")
                        .get())
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

    private void fail(Exception e, boolean debug) {
        if (debug) {
            e.printStackTrace(err);
        }
        if (e instanceof ContainerException known) {
            err.println("gantry: " + known.line());
        } else if (e instanceof UsageException || e instanceof KernelException) {
            err.println("gantry: " + e.getMessage());
        } else {
            err.printf("gantry: internal error: %s; run with --debug for the rest%n", e);
        }
    }
}
