package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.error.Problem;
import dev.gantry.error.Problems;
import dev.gantry.files.RawPath;
import dev.gantry.oci.rules.OciValidator;
import dev.gantry.value.Definition;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code check}: finds what is wrong with scripts; needs no root, loads no native code and makes nothing. */
final class CheckCommand implements Command {
    @Override
    public String summary() {
        return "find the mistakes of scripts, bundles or config.json files";
    }

    @Override
    public String arguments() {
        return "[options] FILE...";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.value("P", "param", "name=value", "set a parameter of the scripts"));
    }

    @Override
    public int run(Invocation in) {
        in.arg(0, "FILE");
        int status = 0;
        for (String file : in.args()) {
            try {
                if (!isSound(file, DefinitionFiles.checked(RawPath.here(file), in), in)) {
                    status = 1;
                }
            } catch (ScriptMistakes e) {
                in.err().println(e.getMessage());
                status = 1;
            } catch (ScriptFailure e) { // the other files are checked all the same
                in.err().println("gantry: " + e.line());
                status = 1;
            }
        }
        return status;
    }

    /** Returns whether there are no errors; a script's own have been reported by then. */
    private static boolean isSound(String file, Map<String, Definition> definitions, Invocation in) {
        boolean isSound = true;
        List<Definition> all = List.copyOf(definitions.values());
        for (Definition definition : all) {
            Problems problems = OciValidator.validate(definition.config());
            problems.all().forEach(problem -> {
                String where = definition
                        .sources()
                        .find(problem.ociPath())
                        .map(Object::toString)
                        .orElse(file);
                String kind = problem.severity() == Problem.Severity.ERROR ? "error" : "warning";
                String hint = problem.hint() == null ? "" : "; hint: " + problem.hint();
                in.err().printf("%s: %s: %s%s%n", where, kind, problem.line(), hint);
            });
            isSound &= problems.errors().isEmpty();
        }
        return isSound;
    }
}
