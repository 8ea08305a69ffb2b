package dev.gantry.cli;

import dev.gantry.plan.CgroupDriver;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.GantryOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/**
 * One call of a command: what the user said, and where to answer.
 *
 * @param global the options before the command
 * @param line the command's own options
 * @param args the command's arguments
 * @param log for what is not the command's answer
 */
record Invocation(CommandLine global, CommandLine line, List<String> args, PrintStream out, PrintStream err, Log log) {

    /** Opens the state root that was named, or the customary one; the caller closes it. */
    Gantry open() {
        return Gantry.open(options());
    }

    /** As {@link #open()}, for a command that ends while what it launched goes on, whose status is its caller's. */
    Gantry openToLeave() {
        return Gantry.open(options().leavingProcesses());
    }

    private GantryOptions options() {
        String root = global.getOptionValue("root");
        GantryOptions options = (root == null ? GantryOptions.defaults() : GantryOptions.at(Path.of(root)))
                .with(global.hasOption("systemd-cgroup") ? CgroupDriver.SYSTEMD : CgroupDriver.CGROUPFS)
                .warning(log::warning);
        String failAt = System.getenv("GANTRY_FAIL_STEP"); // for tests only: see NothingLeftKernelSpec
        return failAt == null ? options : options.failingAt(Integer.parseInt(failAt));
    }

    /**
     * Returns the argument at a position.
     *
     * @throws UsageException if there is none
     */
    String arg(int index, String name) {
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
    String onlyId() {
        if (args.size() > 1) {
            throw new UsageException("unexpected argument `%s`".formatted(args.get(1)));
        }
        return arg(0, "CONTAINER");
    }

    /** @throws UsageException if there is an argument */
    void noArguments() {
        if (!args.isEmpty()) {
            throw new UsageException("unexpected argument `%s`".formatted(args.get(0)));
        }
    }

    /** Tells what a plan will not do, or not quite. */
    void warn(LaunchPlan plan) {
        plan.warnings().forEach(warning -> log.warning(warning.line()));
    }

    boolean has(String option) {
        return line.hasOption(option);
    }

    String value(String option, String otherwise) {
        return line.getOptionValue(option, otherwise);
    }
}
