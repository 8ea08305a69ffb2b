package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an image says of the containers that are made of it.
 *
 * @param env entries {@code NAME=value}
 * @param user as the image has it: a name or a number, and perhaps a group after a colon; empty for root
 * @param ports such as {@code 8080/tcp}
 * @param volumes directories whose content is meant to outlive containers
 * @param diffIds the digests of the layers when they are not packed, the lowest first
 */
public record ImageConfig(
        List<String> entrypoint,
        List<String> cmd,
        List<String> env,
        String user,
        String workingDir,
        String stopSignal,
        Map<String, String> labels,
        List<String> ports,
        List<String> volumes,
        Map<String, String> origin,
        List<Digest> diffIds) {

    private static final int MAX_LAYERS = 500;

    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        env = List.copyOf(env);
        ports = List.copyOf(ports);
        volumes = List.copyOf(volumes);
        diffIds = List.copyOf(diffIds);
    }

    static ImageConfig of(JsonNode node, String what) {
        JsonNode config = node.path("config");
        List<Digest> diffIds = new ArrayList<>();
        for (JsonNode id : node.path("rootfs").path("diff_ids")) {
            diffIds.add(Digest.of(id.asText(""), what));
        }
        if (diffIds.size() > MAX_LAYERS) {
            throw new ContainerException(ErrorKind.IMAGE, "%s: it has more than %d layers".formatted(what, MAX_LAYERS));
        }
        Map<String, String> labels = new LinkedHashMap<>();
        config.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        Map<String, String> origin = new LinkedHashMap<>();
        for (String key : List.of("os", "architecture", "variant", "author", "created")) {
            if (!node.path(key).asText("").isEmpty()) {
                origin.put(key, node.path(key).asText());
            }
        }
        return new ImageConfig(
                texts(config.path("Entrypoint")),
                texts(config.path("Cmd")),
                texts(config.path("Env")),
                config.path("User").asText(""),
                config.path("WorkingDir").asText(""),
                config.path("StopSignal").asText(""),
                labels,
                keys(config.path("ExposedPorts")),
                keys(config.path("Volumes")),
                origin,
                diffIds);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<String> keys(JsonNode set) {
        List<String> keys = new ArrayList<>();
        set.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Returns the words of the program that the image runs; empty if it says none. */
    public List<String> words() {
        return words(List.of());
    }

    /** Returns them with others instead of the image's own arguments, unless there are none. */
    public List<String> words(List<String> arguments) {
        List<String> all = new ArrayList<>(entrypoint);
        all.addAll(arguments.isEmpty() ? cmd : arguments);
        return all;
    }
}
