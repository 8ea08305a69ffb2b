package dev.gantry.cli.script;

import dev.gantry.dsl.word.Wording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Says what may have been meant by a command or an option that there is not, or that stands in the wrong place. */
public final class Unknown {
    private static final String SCRIPT = ".ctr.groovy";
    private static final String NO_IMAGES = "; hint: there are no images; a script says `rootfs dir('unpacked')`";

    /** Words of other tools, and what does it here. */
    private static final Map<String, String> SYNONYMS = new HashMap<>();

    static {
        for (String word : List.of("pull", "push", "build", "images", "image", "tag", "commit", "save", "login")) {
            SYNONYMS.put(word, NO_IMAGES);
        }
        SYNONYMS.put("rm", "; hint: `gantry delete CONTAINER`");
        SYNONYMS.put("remove", "; hint: `gantry delete CONTAINER`");
        SYNONYMS.put("stop", "; hint: `gantry kill CONTAINER`");
        SYNONYMS.put("inspect", "; hint: `gantry state CONTAINER`");
        SYNONYMS.put("top", "; hint: `gantry ps CONTAINER`");
        SYNONYMS.put("ls", "; hint: `gantry list`");
        SYNONYMS.put("stats", "; hint: `gantry events --stats CONTAINER`");
        SYNONYMS.put("unpause", "; hint: `gantry resume CONTAINER`");
        SYNONYMS.put("init", "; hint: `gantry spec` writes a config.json");
        SYNONYMS.put("version", "; hint: `gantry --version`");
        SYNONYMS.put("help", "; hint: `gantry --help`");
        SYNONYMS.put("shell", "; hint: `gantry repl`, or `gantry exec -t CONTAINER sh`");
        SYNONYMS.put("plan", "; hint: `gantry explain FILE`");
        SYNONYMS.put("logs", "; hint: a script has `box.logs`");
        SYNONYMS.put("cp", "; hint: a script has `box.copyIn` and `box.copyOut`");
    }

    private Unknown() {}

    /**
     * Explains a word in the place of a command.
     *
     * @param commands the names that there are
     */
    public static String command(String name, Collection<String> commands) {
        return "no such command or script" + meant(name, Set.copyOf(commands));
    }

    private static String meant(String name, Set<String> commands) {
        if (SYNONYMS.containsKey(name)) {
            return SYNONYMS.get(name);
        } else if (isFile(name + SCRIPT)) {
            return "; did you mean `%s`?".formatted(name + SCRIPT);
        } else if (isFile(name)) {
            return "; hint: `gantry ./%s` runs a file of any name".formatted(name);
        }
        String near = Wording.meant(name, commands);
        return near.isEmpty() ? "; see `gantry --help`" : near;
    }

    /** A name may be no path at all. */
    private static boolean isFile(String name) {
        return name.length() < 256
                && name.indexOf('\0') < 0
                && !name.contains("/")
                && Files.isRegularFile(Path.of(name));
    }

    /** Returns what may have been meant by an option; {@code otherwise} if nothing is near. */
    public static String option(String written, Options options, String otherwise) {
        Set<String> names = new HashSet<>();
        options.getOptions().forEach(option -> names.add("--" + option.getLongOpt()));
        String name = written.replaceFirst("^-?(?=-)", "")
                .replaceFirst("^-(?=\\w\\w)", "--")
                .replaceFirst("=.*", "");
        String near = name.startsWith("--") ? Wording.meant(name, names) : "";
        return near.isEmpty() ? otherwise : near;
    }

    /** Returns a warning if what follows a script is an option of the command, which the script gets. */
    public static Optional<String> late(List<String> arguments, Options options) {
        return arguments.stream()
                .skip(1)
                .takeWhile(argument -> !argument.equals("--"))
                .filter(argument -> argument.startsWith("--"))
                .map(argument -> options.getOption(argument.replaceFirst("=.*", "")))
                .filter(option -> option != null && !option.getLongOpt().equals("param"))
                .map(Option::getLongOpt)
                .findFirst()
                .map(name -> "`--%s` after the script is an argument of the script's own; hint: write it before `%s`"
                        .formatted(name, arguments.get(0)));
    }
}
