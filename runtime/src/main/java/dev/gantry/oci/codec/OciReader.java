package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Problems;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObject;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
import dev.gantry.oci.Seccomp;

/**
 * Reads OCI documents. What is of the wrong type is reported and left out; what the specification does not know is
 * ignored. Whether the whole makes sense is for {@code dev.gantry.oci.rules} to say.
 */
public final class OciReader {
    private OciReader() {}

    /** Reads a {@code config.json}. */
    public static OciConfig config(JsonNode document, Problems problems) {
        return new ConfigJson.OciConfigCodec().read(JsonObject.of(document, "", problems));
    }

    /** Reads what {@code exec --process} is given; problems are reported below {@code process}. */
    public static Process process(JsonNode document, Problems problems) {
        return new ProcessJson.ProcessCodec().read(JsonObject.of(document, "process", problems));
    }

    /** Reads what {@code update --resources} is given; problems are reported below {@code linux.resources}. */
    public static Resources resources(JsonNode document, Problems problems) {
        return new ResourcesJson.ResourcesCodec().read(JsonObject.of(document, "linux.resources", problems));
    }

    /** Reads a seccomp profile that stands in a file of its own; problems are reported below {@code linux.seccomp}. */
    public static Seccomp seccomp(JsonNode document, Problems problems) {
        return new SeccompJson.SeccompCodec().read(JsonObject.of(document, "linux.seccomp", problems));
    }

    /**
     * Reads the bytes of a {@code config.json}.
     *
     * @param fileName what the document is called in errors about its syntax
     * @throws ConfigException if the bytes are not JSON, or with everything that is of the wrong type
     */
    public static OciConfig parse(byte[] utf8, String fileName) {
        Problems problems = new Problems();
        OciConfig config = config(Json.parse(utf8, fileName), problems);
        problems.throwIfAny();
        return config;
    }
}
