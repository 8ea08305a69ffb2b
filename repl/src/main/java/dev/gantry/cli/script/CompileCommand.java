package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.dsl.live.LivePod;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.files.RawPath;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.value.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code compile}: writes a bundle for each container that a script defines; the same script gives the same bytes. */
final class CompileCommand implements Command {
    @Override
    public String summary() {
        return "write the OCI bundles of a script";
    }

    @Override
    public String arguments() {
        return "[options] FILE.ctr.groovy -o DIR";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value(
                        "o", "output", "DIR", "where to; a directory for each container if there are several"))
                .addOption(Opt.value("P", "param", "name=value", "set a parameter of the script"));
    }

    @Override
    public int run(Invocation in) throws IOException {
        Path file = RawPath.here(in.arg(0, "FILE"));
        if (!in.has("output")) {
            throw new UsageException("`-o DIR` is missing");
        }
        Path dir = RawPath.here(in.value("output", ""));
        Map<String, Definition> definitions;
        try {
            definitions = DefinitionFiles.read(file, in);
        } catch (ScriptMistakes e) {
            in.err().println(e.getMessage());
            return 1;
        }
        for (Map.Entry<String, Definition> definition : definitions.entrySet()) {
            Path bundle = definitions.size() == 1 ? dir : dir.resolve(definition.getKey());
            warn(definition.getKey(), definition.getValue(), in);
            String text = OciWriter.text(definition.getValue().config()) + "\n";
            if (!in.secrets().masked(text).equals(text)) {
                in.err()
                        .printf(
                                "gantry: warning: container `%s`: a secret is in its config.json, for the owner of the"
                                        + " file to read%n",
                                definition.getKey());
            }
            write(bundle, text);
        }
        return 0;
    }

    /** Warns of what other runtimes will not make of the bundle. */
    private static void warn(String id, Definition definition, Invocation in) {
        Map<String, String> annotations = definition.config().annotations();
        String warning = "gantry: warning: container `%s` has %s, which only Gantry %s%n";
        if (annotations.containsKey(GantryAnnotations.ROOTFS)) {
            String kind = annotations.get(GantryAnnotations.ROOTFS);
            in.err().printf(warning, id, "the rootfs `%s()`".formatted(kind), "makes, with --trust-annotations");
        }
        if (annotations.containsKey(GantryAnnotations.INIT)) {
            in.err().printf(warning, id, "no `args`", "runs, with --trust-annotations");
        }
        definition.config().linux().namespaces().stream()
                .filter(LivePod::makes)
                .findFirst()
                .ifPresent(shared -> in.err()
                        .printf(
                                "gantry: warning: container `%s` joins namespaces of a pod, which only a script makes;"
                                        + " hint: bind them to `%s` and its siblings before%n",
                                id, shared.path()));
        if (!definition.callbacks().isEmpty()) {
            in.err().printf(warning, id, "closures as hooks", "calls, and only from the script");
        }
    }

    private static void write(Path bundle, String text) throws IOException {
        Files.createDirectories(bundle);
        Path temporary = Files.createTempFile(bundle, ".config", ".json");
        try {
            Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
            Files.move(temporary, bundle.resolve("config.json"), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
