package dev.gantry.cli.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.files.RawPath;
import dev.gantry.json.Json;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.value.Definition;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.cli.Options;

/** {@code diff}: says what changes between two definitions, property by property; 1 if anything does, as diff(1). */
final class DiffCommand implements Command {
    @Override
    public String summary() {
        return "say what changes between two definitions";
    }

    @Override
    public String arguments() {
        return "[options] A B";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.value("P", "param", "name=value", "set a parameter of both scripts"));
    }

    @Override
    public int run(Invocation in) {
        Map<String, String> before;
        Map<String, String> after;
        try {
            before = properties(DefinitionFiles.read(RawPath.here(in.arg(0, "A")), in));
            after = properties(DefinitionFiles.read(RawPath.here(in.arg(1, "B")), in));
        } catch (ScriptMistakes e) {
            in.err().println(e.getMessage()); // each line is a place of its own
            return failure(e);
        }
        TreeSet<String> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        int status = 0;
        for (String path : all) {
            String old = before.get(path);
            String now = after.get(path);
            if (old == null) {
                in.out().printf("+ %s: %s%n", path, now);
            } else if (now == null) {
                in.out().printf("- %s: %s%n", path, old);
            } else if (!old.equals(now)) {
                in.out().printf("~ %s: %s -> %s%n", path, old, now);
            } else {
                continue;
            }
            status = 1;
        }
        return status;
    }

    /** Returns the values of one definition by OCI path; of several, the container's id comes before it. */
    private static Map<String, String> properties(Map<String, Definition> definitions) {
        Map<String, String> properties = new TreeMap<>();
        definitions.forEach((id, definition) -> {
            String prefix = definitions.size() == 1 ? "" : id + ": ";
            collect(prefix, OciWriter.node(definition.config()), properties);
        });
        return properties;
    }

    private static void collect(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject() && !node.isEmpty()) {
            String dot = path.isEmpty() || path.endsWith(" ") ? path : path + ".";
            node.properties().forEach(member -> collect(dot + member.getKey(), member.getValue(), into));
        } else if (node.isArray() && !node.isEmpty()) {
            int index = 0;
            for (Iterator<JsonNode> each = node.elements(); each.hasNext(); index++) {
                collect("%s[%d]".formatted(path, index), each.next(), into);
            }
        } else {
            into.put(path, Json.compact(node));
        }
    }
}
