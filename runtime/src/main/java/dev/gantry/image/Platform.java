package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The machine for which an image is. A part that is not known is empty. */
public record Platform(String os, String architecture, String variant) {
    private static final Map<String, String> GO_NAMES = Map.of(
            "amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64", "arm", "arm", "riscv64", "riscv64", "ppc64le",
            "ppc64le", "s390x", "s390x");

    /** Returns that of this machine. */
    static Platform ofMachine() {
        String name = System.getProperty("os.arch");
        String architecture = GO_NAMES.getOrDefault(name, name);
        return new Platform("linux", architecture, architecture.equals("arm64") ? "v8" : "");
    }

    static Platform of(JsonNode node) {
        return new Platform(
                node.path("os").asText(""),
                node.path("architecture").asText(""),
                node.path("variant").asText(""));
    }

    /** Returns how well an image for it runs on a machine: 0 if not at all. */
    int fits(Platform machine) {
        if (!os.equals(machine.os) || !architecture.equals(machine.architecture)) {
            return 0;
        }
        if (variant.equals(machine.variant)) {
            return 3;
        }
        return variant.isEmpty() ? 2 : machine.variant.isEmpty() && !architecture.equals("arm") ? 1 : 0;
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
