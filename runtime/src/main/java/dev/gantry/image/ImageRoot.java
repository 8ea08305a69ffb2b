package dev.gantry.image;

import dev.gantry.oci.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container is made of that runs an image.
 *
 * @param layers host paths, the topmost first
 * @param user whom the image's program runs as
 */
public record ImageRoot(Image image, List<String> layers, User user) {
    private static final String PREFIX = "org.opencontainers.image.";

    public ImageRoot {
        layers = List.copyOf(layers);
    }

    /**
     * Returns what the image says of itself as annotations, as the image specification converts it. Labels outweigh
     * the rest, but for those that would say something to a runtime: an image must not choose its own confinement.
     */
    public Map<String, String> annotations() {
        ImageConfig config = image.config();
        Map<String, String> all = new LinkedHashMap<>();
        config.origin().forEach((key, value) -> all.put(PREFIX + key, value));
        if (!config.stopSignal().isEmpty()) {
            all.put(PREFIX + "stopSignal", config.stopSignal());
        }
        if (!config.ports().isEmpty()) {
            all.put(PREFIX + "exposedPorts", String.join(",", config.ports()));
        }
        config.labels().forEach((key, value) -> {
            if (!key.isEmpty() && !key.startsWith("dev.gantry.") && !key.startsWith("run.oci.")) {
                all.put(key, value);
            }
        });
        return all;
    }
}
