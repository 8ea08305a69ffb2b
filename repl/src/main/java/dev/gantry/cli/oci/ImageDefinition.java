package dev.gantry.cli.oci;

import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.UsageException;
import dev.gantry.files.RawPath;
import dev.gantry.image.ImageRoot;
import dev.gantry.image.Images;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciDefaults;
import dev.gantry.oci.Process;
import dev.gantry.oci.Root;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.value.Definition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What {@code run --image} runs: the program of an image, or another one in it. */
final class ImageDefinition {
    private static final int ID_LENGTH = 12;

    private ImageDefinition() {}

    /** Returns the id that was chosen for the container, or a new one. */
    static String id(Invocation in) {
        String random = UUID.randomUUID().toString().replace("-", "").substring(0, ID_LENGTH);
        return in.value("id", "run-" + random);
    }

    static Definition of(Invocation in, String id) {
        Path here = RawPath.here("").toAbsolutePath();
        ImageRoot root = Images.ofUser(System.getenv()).root(in.value("image", ""), here);
        List<String> words = root.image().config().words(in.args());
        if (words.isEmpty()) {
            throw new UsageException("the image says no program; name one after `--image NAME`");
        }
        OciConfig spec = OciDefaults.withCgroupNamespace(OciDefaults.spec());
        Map<String, String> annotations = new LinkedHashMap<>(root.annotations());
        annotations.put(GantryAnnotations.ROOTFS, GantryAnnotations.IMAGE);
        annotations.put(GantryAnnotations.LAYERS, String.join(":", root.layers()));
        OciConfig config = spec.toBuilder()
                .root(new Root("rootfs", false))
                .hostname(id)
                .process(process(spec.process(), root, words, in.has("tty")))
                .annotations(annotations)
                .build();
        return Definition.of(config, here);
    }

    private static Process process(Process base, ImageRoot root, List<String> words, boolean hasTerminal) {
        String directory = root.image().config().workingDir();
        return base.toBuilder()
                .args(words)
                .terminal(hasTerminal)
                .env(variables(base.env(), root.image().config().env(), hasTerminal))
                .user(root.user())
                .cwd(directory.startsWith("/") ? directory : "/")
                .capabilities(capabilities(root.user().uid() == 0))
                .build();
    }

    /** The image's variables outweigh the usual ones. */
    private static List<String> variables(List<String> usual, List<String> image, boolean hasTerminal) {
        Map<String, String> all = new LinkedHashMap<>();
        for (List<String> entries : List.of(usual, image)) {
            entries.stream()
                    .filter(entry -> entry.indexOf('=') > 0)
                    .forEach(entry -> all.put(entry.substring(0, entry.indexOf('=')), entry));
        }
        if (!hasTerminal) {
            all.remove("TERM", "TERM=xterm");
        }
        return new ArrayList<>(all.values());
    }

    private static Capabilities capabilities(boolean isRoot) {
        Capabilities.Builder all = Capabilities.builder().bounding(OciDefaults.ENGINE_CAPABILITIES);
        return isRoot
                ? all.effective(OciDefaults.ENGINE_CAPABILITIES)
                        .permitted(OciDefaults.ENGINE_CAPABILITIES)
                        .build()
                : all.build();
    }
}
