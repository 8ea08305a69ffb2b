package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.files.RawPath;
import dev.gantry.host.HostFacts;
import dev.gantry.plan.Host;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.compile.PlanCompiler;
import dev.gantry.value.Definition;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code explain}: prints the launch plan of a script, a bundle or a {@code config.json}; makes nothing. */
final class ExplainCommand implements Command {
    @Override
    public String summary() {
        return "print the launch plan of a script, a bundle or a config.json";
    }

    @Override
    public String arguments() {
        return "[options] FILE|BUNDLE";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.value("P", "param", "name=value", "set a parameter of the script"));
    }

    @Override
    public int run(Invocation in) {
        Path path = RawPath.here(in.arg(0, "FILE"));
        Map<String, Definition> definitions;
        try {
            definitions = DefinitionFiles.read(path, in);
        } catch (ScriptMistakes e) {
            in.err().println(e.getMessage()); // each line is a place of its own
            return 1;
        }
        definitions.forEach((id, definition) -> {
            LaunchOptions options =
                    LaunchOptions.of(id, RawPath.text(definition.bundle()), "/run/gantry/%s/rootfs".formatted(id));
            Host host = HostFacts.readFor(definition.config());
            if (definitions.size() > 1) {
                in.out().printf("%s:%n", id);
            }
            print(PlanCompiler.compile(definition.config(), definition.sources(), host, options), in);
        });
        return 0;
    }

    private static void print(LaunchPlan plan, Invocation in) {
        in.warn(plan);
        int number = 0;
        for (PlannedStep planned : plan.steps()) {
            String details = planned.step().details();
            in.out()
                    .printf(
                            "%3d  %-7s  %s%s  [%s]%n",
                            number++,
                            planned.step() instanceof RuntimeStep ? "runtime" : "init",
                            planned.step().describe(),
                            details.isEmpty() ? "" : " (" + details + ")",
                            planned.origin());
        }
    }
}
