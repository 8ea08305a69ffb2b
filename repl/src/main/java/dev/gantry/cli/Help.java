package dev.gantry.cli;

import dev.gantry.cli.command.Command;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The help texts, in the sections that users of runc know. */
final class Help {
    private Help() {}

    static void overview(PrintStream out, Options global) {
        out.println("NAME:\n   gantry - containers for scripts, and an OCI runtime\n");
        out.println("USAGE:\n   gantry FILE.ctr.groovy [arguments]\n   gantry [global options] command [arguments]\n");
        out.println("COMMANDS:");
        for (String name : Commands.names()) {
            out.printf("   %-10s %s%n", name, Commands.find(name).orElseThrow().summary());
        }
        out.println("\nGLOBAL OPTIONS:");
        options(out, global);
    }

    static void command(PrintStream out, String name, Command command) {
        out.printf("NAME:%n   gantry %s - %s%n%n", name, command.summary());
        out.printf("USAGE:%n   gantry %s %s%n", name, command.arguments());
        if (!command.options().getOptions().isEmpty()) {
            out.println("\nOPTIONS:");
            options(out, command.options());
        }
    }

    /** What {@code run} takes where a script stands in the place of a container. */
    static void alsoScript(PrintStream out, Command script) {
        out.println("\nFOR A SCRIPT:\n   gantry run " + script.arguments());
        options(out, script.options());
    }

    private static void options(PrintStream out, Options options) {
        Map<String, String> rows = options.getOptions().stream()
                .sorted(Comparator.comparing(Option::getLongOpt))
                .collect(Collectors.toMap(
                        Help::names, Option::getDescription, (a, b) -> a, java.util.LinkedHashMap::new));
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        rows.forEach((names, text) -> out.printf("   %-" + width + "s  %s%n", names, text));
    }

    private static String names(Option option) {
        String longName = "--" + option.getLongOpt();
        String names = option.getOpt() == null ? longName : longName + ", -" + option.getOpt();
        return option.hasArg() ? names + " " + option.getArgName() : names;
    }
}
