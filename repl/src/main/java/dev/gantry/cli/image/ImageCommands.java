package dev.gantry.cli.image;

import dev.gantry.cli.command.Command;
import java.util.List;

/** The commands about images, by name; only the one that is asked for is loaded. */
public final class ImageCommands {
    private static final List<String> NAMES = List.of("images", "load", "prune", "rmi", "unpack");

    private ImageCommands() {}

    /** Returns the command, or null if there is none of that name here. */
    public static Command find(String name) {
        return switch (name) {
            case "images" -> ImageCommand.images();
            case "load" -> ImageCommand.load();
            case "prune" -> ImageCommand.prune();
            case "rmi" -> ImageCommand.rmi();
            case "unpack" -> ImageCommand.unpack();
            default -> null;
        };
    }

    /** Returns all names in their order. */
    public static List<String> names() {
        return NAMES;
    }
}
