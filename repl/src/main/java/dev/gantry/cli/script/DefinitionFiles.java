package dev.gantry.cli.script;

import dev.gantry.cli.command.Bundle;
import dev.gantry.cli.command.Invocation;
import dev.gantry.dsl.ScriptParams;
import dev.gantry.files.RawPath;
import dev.gantry.value.Definition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What scripts, bundles and {@code config.json} files define, by container id; nothing is made. */
final class DefinitionFiles {
    private DefinitionFiles() {}

    /** Reads what a path of any of the three kinds defines. */
    static Map<String, Definition> read(Path path, Invocation in) {
        return isScript(path)
                ? ScriptCommand.definitions(path, ScriptParams.of(params(in)), in.secrets())
                : bundle(path);
    }

    /** Does the same after a search for everything that is wrong, in a script from its first line to its last. */
    static Map<String, Definition> checked(Path path, Invocation in) {
        return isScript(path) ? ScriptCommand.checked(path, ScriptParams.of(params(in)), in.secrets()) : bundle(path);
    }

    private static boolean isScript(Path path) {
        return path.toString().endsWith(".groovy");
    }

    private static Map<String, Definition> bundle(Path path) {
        Map<String, Definition> bundles = new LinkedHashMap<>();
        Path absolute = path.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            bundles.put(RawPath.text(absolute.getFileName()), Bundle.read(absolute));
        } else {
            Path bundle = absolute.getParent();
            bundles.put(RawPath.text(bundle.getFileName()), Bundle.read(bundle, absolute));
        }
        return bundles;
    }

    /** Returns what was said by {@code -P}. */
    static List<String> params(Invocation in) {
        String[] values = in.line().getOptionValues("P");
        return values == null ? List.of() : List.of(values);
    }
}
