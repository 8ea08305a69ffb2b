package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A directory in the form of the OCI image layout. */
final class LayoutSource implements Source {
    private static final String INDEX = "index.json";
    private static final String FULL_NAME = "io.containerd.image.name"; // which Docker writes, beside a tag alone

    private final Path directory;
    private final List<Offer> offers;

    LayoutSource(Path directory) throws IOException {
        this.directory = directory;
        Path file = directory.resolve(INDEX);
        requireFile(file);
        this.offers = offers(WholeFile.read(file, Manifest.MAX_DOCUMENT_BYTES), RawPath.text(file));
    }

    static List<Offer> offers(byte[] index, String what) {
        List<Offer> offers = new ArrayList<>();
        for (JsonNode node : Json.parse(index, what).path("manifests")) {
            Descriptor descriptor = Descriptor.of(node, what);
            List<String> names = new ArrayList<>(); // the full name, where there is one
            for (String key : List.of(FULL_NAME, Descriptor.NAME)) {
                if (names.isEmpty() && descriptor.annotations().containsKey(key)) {
                    names.add(descriptor.annotations().get(key));
                }
            }
            offers.add(new Offer(names, descriptor));
        }
        return offers;
    }

    @Override
    public List<Offer> offers() {
        return offers;
    }

    @Override
    public InputStream open(Descriptor wanted) throws IOException {
        Path blob = directory
                .resolve("blobs")
                .resolve(wanted.digest().algorithm())
                .resolve(wanted.digest().hex());
        requireFile(blob);
        return Files.newInputStream(blob);
    }

    /** Refuses what would block or never end, such as a pipe or a device. */
    private static void requireFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(RawPath.text(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new ContainerException(
                    ErrorKind.IMAGE, "read `%s`: it is no regular file".formatted(RawPath.text(file)));
        }
    }

    @Override
    public void close() {}
}
