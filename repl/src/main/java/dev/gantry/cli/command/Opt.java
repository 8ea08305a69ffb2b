package dev.gantry.cli.command;

import org.apache.commons.cli.Option;

/** Shorthand for the kinds of option that the commands take. */
public final class Opt {
    private Opt() {}

    /** Returns an option without a value; {@code letter} may be null. */
    public static Option flag(String letter, String name, String text) {
        return Option.builder(letter).longOpt(name).desc(text).get();
    }

    /** Returns an option with a value; {@code letter} may be null. */
    public static Option value(String letter, String name, String valueName, String text) {
        return Option.builder(letter)
                .longOpt(name)
                .hasArg()
                .argName(valueName)
                .desc(text)
                .get();
    }

    /** Returns an option that may be given more than once, each time with a value; {@code letter} may be null. */
    public static Option values(String letter, String name, String valueName, String text) {
        Option option = value(letter, name, valueName, text + "; may be repeated");
        option.setArgs(1);
        return option;
    }
}
