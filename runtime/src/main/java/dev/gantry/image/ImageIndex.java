package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.json.Json;
import dev.gantry.kernel.Fd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The names of a store's images, in the file of an OCI image layout, which the store therefore is. */
final class ImageIndex {
    /** The state of the file that an image was copied from, by which a later use knows that it is the same. */
    static final String STAMP = "dev.gantry.image.stamp";

    private final StoreFiles files;

    ImageIndex(StoreFiles files) {
        this.files = files;
    }

    private Path file() {
        return files.root().resolve("index.json");
    }

    /** Returns the manifests by the names of the images. */
    Map<String, Descriptor> read() {
        Map<String, Descriptor> all = new LinkedHashMap<>();
        if (!Files.exists(file())) {
            return all;
        }
        String what = RawPath.text(file());
        try {
            for (JsonNode node :
                    Json.parse(WholeFile.read(file(), Json.MAX_BYTES), what).path("manifests")) {
                Descriptor descriptor = Descriptor.of(node, what);
                all.put(descriptor.annotations().getOrDefault(Descriptor.NAME, ""), descriptor);
            }
        } catch (IOException e) {
            throw IoReason.failure("read `%s`".formatted(what), e);
        }
        return all;
    }

    Optional<Descriptor> find(String name) {
        return Optional.ofNullable(read().get(name));
    }

    /** Gives a manifest a name, which no other has any more. */
    void put(String name, Descriptor manifest, String stamp) {
        Map<String, String> annotations = new LinkedHashMap<>(Map.of(Descriptor.NAME, name));
        if (!stamp.isEmpty()) {
            annotations.put(STAMP, stamp);
        }
        Descriptor named = new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), annotations, null);
        change(all -> {
            all.put(name, named);
            return all;
        });
    }

    /** Takes a name away. */
    void remove(String name) {
        change(all -> {
            all.remove(name);
            return all;
        });
    }

    @SuppressWarnings("try") // the lock is only held
    private void change(UnaryOperator<Map<String, Descriptor>> change) {
        try (Fd lock = files.lockIndex()) {
            List<Descriptor> changed = new ArrayList<>(change.apply(read()).values());
            ObjectNode index = JsonNodeFactory.instance.objectNode();
            index.put("schemaVersion", 2).putArray("manifests");
            changed.forEach(descriptor -> index.withArray("manifests").add(descriptor.node()));
            files.replace(file(), Json.indented(index, "  ").getBytes(StandardCharsets.UTF_8));
            Path layout = files.root().resolve("oci-layout");
            if (!Files.exists(layout)) {
                files.replace(layout, "{\"imageLayoutVersion\": \"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw IoReason.failure("write `%s`".formatted(RawPath.text(file())), e);
        }
    }
}
