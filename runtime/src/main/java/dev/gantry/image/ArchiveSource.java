package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.WholeFile;
import dev.gantry.image.layer.Compression;
import dev.gantry.image.layer.PaxRecords;
import dev.gantry.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A tar archive of images: an OCI layout, or what {@code docker save} writes, in its old form and its new one. Its
 * entries come in any order and perhaps from a pipe, so all of them are copied to a directory of the store first; they
 * are found by name there only in a table, never in the file system.
 */
final class ArchiveSource implements Source {
    private static final int MAX_ENTRIES = 20_000;
    private static final String MANIFEST = "manifest.json";
    private static final String INDEX = "index.json";

    private final String what;
    private final Path directory;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<Digest, Path> files = new HashMap<>();
    private final Map<Digest, byte[]> made = new HashMap<>();
    private final List<Offer> offers;

    private record Entry(Path file, Digest digest, long size) {}

    /**
     * Reads an archive to its end.
     *
     * @param what it is called in messages
     * @param archive packed or not; not closed
     * @param directory an empty directory, whose files {@link #close} deletes
     */
    ArchiveSource(String what, InputStream archive, Path directory) throws IOException {
        this.what = what;
        this.directory = directory;
        copy(archive);
        if (has(MANIFEST)) {
            this.offers = saved(Json.parse(bytes(MANIFEST), what + ": " + MANIFEST));
        } else if (has(INDEX)) {
            this.offers = LayoutSource.offers(bytes(INDEX), what + ": " + INDEX);
        } else {
            throw new ContainerException(
                    ErrorKind.IMAGE,
                    "%s: it has neither `%s` nor `%s`, and so no image".formatted(what, MANIFEST, INDEX));
        }
    }

    private void copy(InputStream archive) throws IOException {
        TarArchiveInputStream tar =
                new TarArchiveInputStream(new PaxRecords(Compression.unpacked(archive)), StandardCharsets.UTF_8.name());
        int count = 0;
        for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
            if (++count > MAX_ENTRIES) {
                throw new ContainerException(
                        ErrorKind.IMAGE, "%s: it has more than %d entries".formatted(what, MAX_ENTRIES));
            }
            String name = clean(entry.getName());
            if (entry.isSymbolicLink()) {
                links.put(name, clean(parent(name) + entry.getLinkName()));
            } else if (entry.isLink()) {
                links.put(name, clean(entry.getLinkName()));
            } else if (entry.isFile()) {
                Path file = directory.resolve(Integer.toString(count));
                MessageDigest hasher = Digest.hasher("sha256");
                long size;
                try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), hasher)) {
                    size = tar.transferTo(out);
                }
                Entry copied = new Entry(file, Digest.of("sha256", hasher.digest()), size);
                entries.put(name, copied);
                files.put(copied.digest(), file);
            }
        }
    }

    private static TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        try {
            return tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new IOException("a header is damaged: " + e.getMessage(), e);
        }
    }

    private static String parent(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    /** Returns a name without dots, by which it is looked up. */
    private static String clean(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.remove(parts.size() - 1);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private boolean has(String name) {
        return entries.containsKey(name) || links.containsKey(name);
    }

    private Entry entry(String name) {
        String place = clean(name);
        Set<String> seen = new HashSet<>();
        while (links.containsKey(place) && seen.add(place)) {
            place = links.get(place);
        }
        Entry found = entries.get(place);
        if (found == null) {
            throw new ContainerException(ErrorKind.IMAGE, "%s: it has no file `%s`".formatted(what, name));
        }
        return found;
    }

    private byte[] bytes(String name) throws IOException {
        return WholeFile.read(entry(name).file(), Manifest.MAX_DOCUMENT_BYTES);
    }

    /** What {@code docker save} wrote has no manifest of its own; one is made. */
    private List<Offer> saved(JsonNode list) {
        List<Offer> all = new ArrayList<>();
        for (JsonNode image : list) {
            Entry config = config(image.path("Config").asText(""));
            List<Descriptor> layers = new ArrayList<>();
            image.path("Layers").forEach(layer -> layers.add(descriptor(Manifest.LAYER_TYPE, entry(layer.asText()))));
            byte[] manifest = new Manifest(descriptor(Manifest.CONFIG_TYPE, config), layers).bytes();
            Digest digest = Digest.sha256(manifest);
            made.put(digest, manifest);
            List<String> names = new ArrayList<>();
            image.path("RepoTags").forEach(name -> names.add(name.asText()));
            all.add(new Offer(names, new Descriptor(Manifest.MEDIA_TYPE, digest, manifest.length, Map.of(), null)));
        }
        return all;
    }

    /** Its name is its digest, in both forms. */
    private Entry config(String name) {
        Entry config = entry(name);
        String named = clean(name).replaceFirst("^.*/", "").replaceFirst("[.]json$", "");
        if (named.matches("[0-9a-f]{64}") && !named.equals(config.digest().hex())) {
            throw BlobStore.mismatch(what, new Digest("sha256", named), config.digest());
        }
        return config;
    }

    private static Descriptor descriptor(String mediaType, Entry entry) {
        return new Descriptor(mediaType, entry.digest(), entry.size(), Map.of(), null);
    }

    @Override
    public List<Offer> offers() {
        return offers;
    }

    @Override
    public InputStream open(Descriptor wanted) throws IOException {
        byte[] manifest = made.get(wanted.digest());
        if (manifest != null) {
            return new ByteArrayInputStream(manifest);
        }
        Path file = files.get(wanted.digest());
        if (file == null) { // under the name of this digest there may be another content, which is found out later
            String name = "blobs/%s/%s"
                    .formatted(wanted.digest().algorithm(), wanted.digest().hex());
            if (!has(name)) {
                throw new NoSuchFileException(name);
            }
            file = entry(name).file();
        }
        return Files.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
        for (Path file : files.values()) {
            Files.deleteIfExists(file);
        }
        for (Entry entry : entries.values()) {
            Files.deleteIfExists(entry.file());
        }
        Files.deleteIfExists(directory);
    }
}
