package dev.gantry.cli;

import dev.gantry.cli.command.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Options without a value may be written with one, {@code --detach=true}, which the option parser does not know. */
final class Switches {
    private static final Pattern WITH_VALUE = Pattern.compile("--?([a-z][a-z-]*)=(.*)");

    private Switches() {}

    /** Returns the arguments with such options written plainly, or left out if they are off. */
    static List<String> plain(Options options, List<String> args, boolean stopAtFirstArgument) {
        List<String> plain = new ArrayList<>();
        boolean ours = true;
        boolean value = false;
        for (String arg : args) {
            ours &= value || (!arg.equals("--") && (!stopAtFirstArgument || arg.startsWith("-")));
            Matcher written = WITH_VALUE.matcher(arg);
            Option option = ours && !value && written.matches() ? options.getOption(written.group(1)) : null;
            value = ours && !value && takesNext(options, arg);
            if (option == null || option.hasArg()) {
                plain.add(arg);
            } else if (isOn(written.group(1), written.group(2))) {
                plain.add("--" + option.getLongOpt());
            }
        }
        return plain;
    }

    private static boolean takesNext(Options options, String arg) {
        String name = arg.replaceFirst("^--?", "");
        Option option = arg.startsWith("-") && !name.isEmpty() ? options.getOption(name) : null;
        return option != null && option.hasArg();
    }

    private static boolean isOn(String name, String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new UsageException("invalid boolean value `%s` for %s".formatted(text, name));
        };
    }
}
