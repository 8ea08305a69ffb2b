package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.Json;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
import dev.gantry.oci.Seccomp;

/** Writes OCI documents, members in the order of the specification. What is absent or empty is not written. */
public final class OciWriter {
    private OciWriter() {}

    /** Returns a {@code config.json} as a new tree. */
    public static ObjectNode node(OciConfig config) {
        return new ConfigJson.OciConfigCodec().write(config);
    }

    /** Returns a {@code process} as a new tree. */
    public static ObjectNode node(Process process) {
        return new ProcessJson.ProcessCodec().write(process);
    }

    /** Returns a {@code linux.resources} as a new tree. */
    public static ObjectNode node(Resources resources) {
        return new ResourcesJson.ResourcesCodec().write(resources);
    }

    /** Returns a {@code linux.seccomp} as a new tree. */
    public static ObjectNode node(Seccomp seccomp) {
        return new SeccompJson.SeccompCodec().write(seccomp);
    }

    /** Returns a {@code config.json} as text, indented by tabs, without a line feed at the end. */
    public static String text(OciConfig config) {
        return Json.indented(node(config), "\t");
    }
}
