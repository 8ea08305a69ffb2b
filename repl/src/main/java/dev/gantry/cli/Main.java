package dev.gantry.cli;

import dev.gantry.cli.command.Answer;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Log;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UnwrittenException;
import dev.gantry.cli.command.UsageException;
import dev.gantry.cli.script.Unknown;
import dev.gantry.error.Shown;
import dev.gantry.text.Secrets;
import dev.gantry.text.TextOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
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
import org.apache.commons.cli.UnrecognizedOptionException;

/** The entry point of the command line: finds the command, runs it, and tells of its failure in one line. */
public final class Main {
    /** As of the command line library of runc. */
    private static final int NO_SUCH_COMMAND = 3;

    private final Secrets secrets = new Secrets();
    private final Answer answer;
    private final TextOutput raw;
    private final TextOutput out;
    private final TextOutput err;
    private Log log;
    private Command command;

    Main(OutputStream out, PrintStream err) {
        this.answer = new Answer(out);
        this.raw = TextOutput.raw(answer.stream(), secrets);
        this.out = TextOutput.shown(answer.stream(), secrets);
        this.err = TextOutput.shown(err, secrets);
    }

    /** Runs and ends the process with the exit status. */
    public static void main(String[] args) {
        try {
            runToTheEnd(args);
        } catch (LinkageError e) { // where few files may be open even the classes that would say so are missing
            System.err.println("gantry: the class " + e.getMessage()
                    + " cannot be loaded: a file is damaged, or too few may be open; hint: raise it, see `ulimit -n`");
            Runtime.getRuntime().halt(1);
        }
    }

    private static void runToTheEnd(String[] args) {
        Main main = new Main(new FileOutputStream(FileDescriptor.out), System.err);
        System.setOut(main.answer.stream()); // a script that prints there keeps the order of what is printed
        int status = main.run(Arguments.exact(args));
        if (main.command != null && main.command.cleansUpAtSignals()) {
            System.exit(status);
        }
        Runtime.getRuntime()
                .halt(status); // exit() would open every jar to look for a logger of its own, from JDK 21 on
    }

    /** Returns the exit status. */
    int run(String... args) {
        log = Log.plain(err, secrets);
        int status = runCommand(args);
        try {
            raw.endAll();
            out.endAll();
            answer.verify();
        } catch (UnwrittenException e) {
            status = unwritten(status, e);
        }
        err.endAll();
        return status;
    }

    /** What a command could not say has failed, unless it has failed or been answered with a status before. */
    private int unwritten(int status, UnwrittenException e) {
        if (!e.isUnread()) {
            log.error(e.getMessage());
        }
        if (status != 0) {
            return status;
        }
        return e.isUnread() ? UnwrittenException.BY_CLOSED_PIPE : failure(e);
    }

    private int failure(Throwable e) {
        return command == null || e instanceof UsageException ? 1 : command.failure(e);
    }

    private int runCommand(String... args) {
        try {
            CommandLine global = parse(globalOptions(), List.of(args), true);
            log = Log.of(global, err, secrets);
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
            boolean startsAtOption = rest.get(0).startsWith("-");
            if (startsAtOption && rest.stream().noneMatch(Main::isNamedScript)) {
                throw new UsageException("unrecognized option: " + rest.get(0)
                        + Unknown.option(rest.get(0), globalOptions(), "; hint: see `gantry --help`"));
            }
            boolean isScript = startsAtOption || isScript(rest.get(0));
            String name = isScript || runsScript(rest) ? "script" : rest.get(0);
            List<String> own = isScript ? rest : rest.subList(1, rest.size());
            Optional<Command> found = Commands.find(name);
            if (found.isEmpty()) {
                err.printf(
                        "gantry: No help topic for '%s': %s%n",
                        Shown.shortened(name), Unknown.command(name, Commands.names()));
                return NO_SUCH_COMMAND;
            }
            command = found.get();
            if (own.stream().takeWhile(a -> a.startsWith("-")).anyMatch(a -> a.matches("--?h(elp)?"))) {
                Help.command(out, name, command);
                if (name.equals("run")) {
                    Help.alsoScript(out, Commands.find("script").orElseThrow());
                }
                return 0;
            }
            log.debug(name + " " + String.join(" ", own));
            return run(command, global, own, log);
        } catch (UnwrittenException e) {
            return 0; // found out before the end, and reported there
        } catch (Throwable e) { // the edge: whatever happened becomes one line
            if (log.isDebug()) {
                e.printStackTrace(err);
            }
            log.error(Failure.line(command, e));
            return failure(e);
        }
    }

    private static void checkRootless(CommandLine global) {
        String rootless = global.getOptionValue("rootless", "auto");
        if (!rootless.matches("auto|true|false|1|0|t|f")) {
            throw new UsageException("invalid value for rootless: `%s` is not true, false or auto".formatted(rootless));
        }
    }

    private int run(Command command, CommandLine global, List<String> own, Log log) throws Exception {
        CommandLine line = parse(command.options(), own, command.passesRestOn(own));
        List<String> arguments = new ArrayList<>(line.getArgList());
        if (command.passesRestOn() && !arguments.isEmpty() && arguments.get(0).startsWith("-")) {
            throw new UsageException("unrecognized option: " + arguments.get(0)
                    + Unknown.option(arguments.get(0), command.options(), ""));
        }
        if (command.cleansUpAtSignals() && command.passesRestOn() && arguments.size() > 1) {
            Unknown.late(arguments, command.options()).ifPresent(log::warning);
        }
        if (command.passesRestOn() && arguments.size() > 1 && arguments.get(1).equals("--")) {
            arguments.remove(1);
        }
        return command.run(new Invocation(global, line, arguments, out, err, raw, answer, secrets, log));
    }

    private static CommandLine parse(Options options, List<String> args, boolean stopAtFirstArgument) {
        try {
            List<String> plain = Switches.plain(options, args, stopAtFirstArgument);
            return new DefaultParser(false).parse(options, plain.toArray(new String[0]), stopAtFirstArgument);
        } catch (MissingArgumentException e) {
            throw new UsageException(
                    "option `--%s` requires an argument".formatted(e.getOption().getLongOpt()));
        } catch (UnrecognizedOptionException e) {
            throw new UsageException(lowerFirst(e.getMessage()) + Unknown.option(e.getOption(), options, ""));
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

    /** Returns whether a word can be nothing but a script, even where it follows options of unknown kinds. */
    private static boolean isNamedScript(String word) {
        return word.endsWith(".groovy");
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
                        .desc("state root (default: /run/gantry; for users other than root in XDG_RUNTIME_DIR)")
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
