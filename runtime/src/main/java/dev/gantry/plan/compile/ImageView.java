package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.MountStep;
import java.util.ArrayList;
import java.util.List;

/** Plans a root of the layers of an image. What the container writes goes to memory and vanishes with its namespace. */
final class ImageView {
    private final OciConfig config;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;

    ImageView(OciConfig config, LaunchOptions options, NamespacePlan namespaces) {
        this.config = config;
        this.options = options;
        this.namespaces = namespaces;
    }

    /** Stacks the layers in the scratch directory, as its {@code root}. */
    void build(Steps steps) {
        String scratch = options.scratch();
        for (String dir : List.of("/upper", "/work", "/root")) {
            steps.add("root.path", MountStep.MakeHostDirectory.of(scratch + dir));
        }
        List<String> layers = new ArrayList<>(List.of(
                "lowerdir=" + String.join(":", GantryAnnotations.layers(config)),
                "upperdir=" + scratch + "/upper",
                "workdir=" + scratch + "/work"));
        if (namespaces.has(USER)) {
            layers.add("userxattr"); // trusted.* attributes are beyond the root of a user namespace
        }
        steps.add("root.path", new MountStep.MountOnHost("overlay", "gantry", scratch + "/root", layers));
    }
}
