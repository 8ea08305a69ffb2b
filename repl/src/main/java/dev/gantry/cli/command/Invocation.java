package dev.gantry.cli.command;

import dev.gantry.error.Problem;
import dev.gantry.files.RawPath;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.GantryOptions;
import dev.gantry.runtime.Internals;
import dev.gantry.text.Secrets;
import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/**
 * One call of a command: what the user said, and where to answer.
 *
 * @param global the options before the command
 * @param line the command's own options
 * @param args the command's arguments
 * @param out for the command's answer: text that others wrote is escaped on it
 * @param err for what is not the answer, likewise
 * @param raw the standard output too, for what scripts and the programs that they run print: nothing is escaped
 * @param answer what both write to
 * @param secrets masked on all three
 * @param log for what is not the command's answer
 */
public record Invocation(
        CommandLine global,
        CommandLine line,
        List<String> args,
        PrintStream out,
        PrintStream err,
        PrintStream raw,
        Answer answer,
        Secrets secrets,
        Log log) {

    /** Returns the same with another place for what is not the answer. */
    public Invocation printingErrorsTo(PrintStream other) {
        return new Invocation(global, line, args, out, other, raw, answer, secrets, Log.plain(other, secrets));
    }

    /**
     * Makes sure that somebody can read what was answered so far, for a command that goes on for long.
     *
     * @throws UnwrittenException if not
     */
    public void verifyAnswer() {
        answer.verify();
    }

    /** Opens the state root that was named, or the default; the caller closes it. */
    public Gantry open() {
        return Gantry.open(options());
    }

    /** As {@link #open()}, for a command that ends while what it launched goes on, whose status is its caller's. */
    public Gantry openToLeave() {
        return Gantry.open(options().leavingProcesses());
    }

    private GantryOptions options() {
        String root = global.getOptionValue("root");
        GantryOptions options =
                (root == null ? GantryOptions.defaults() : GantryOptions.at(RawPath.here(root))).warning(log::warning);
        options = global.hasOption("systemd-cgroup") ? options.withSystemdCgroups() : options;
        String failAt = System.getenv("GANTRY_FAIL_STEP"); // for tests only: see NothingLeftKernelSpec
        return failAt == null ? options : Internals.failingAt(options, Integer.parseInt(failAt));
    }

    /**
     * Returns the argument at a position.
     *
     * @throws UsageException if there is none
     */
    public String arg(int index, String name) {
        if (index >= args.size()) {
            throw new UsageException("`%s` is missing".formatted(name));
        }
        return args.get(index);
    }

    /**
     * Returns the container's id, the only argument.
     *
     * @throws UsageException if there is another number of arguments
     */
    public String onlyId() {
        if (args.size() > 1) {
            throw new UsageException("unexpected argument `%s`".formatted(args.get(1)));
        }
        return arg(0, "CONTAINER");
    }

    /** @throws UsageException if there is an argument */
    public void noArguments() {
        if (!args.isEmpty()) {
            throw new UsageException("unexpected argument `%s`".formatted(args.get(0)));
        }
    }

    /** Tells what a plan will not do, or not quite. */
    public void warn(LaunchPlan plan) {
        warn(plan.warnings());
    }

    /** Reports what is ignored, or does less than it says. */
    public void warn(List<Problem> warnings) {
        warnings.forEach(warning -> log.warning(warning.line()));
    }

    public boolean has(String option) {
        return line.hasOption(option);
    }

    public String value(String option, String otherwise) {
        return line.getOptionValue(option, otherwise);
    }
}
