package dev.gantry.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.json.Json;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.jnr.LinuxKernel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The images of this user: loads them, unpacks them, lists and removes them. All methods may be called from any thread
 * and by any number of processes at once; those that load, unpack or remove block.
 */
public final class Images {
    private static final int MAX_INDEX_LEVELS = 3;

    private final StoreFiles files;
    private final BlobStore blobs;
    private final TreeStore trees;
    private final ImageIndex index;

    /**
     * Opens a store; nothing is made before something is loaded.
     *
     * @param root the store's directory, for this user alone
     */
    public Images(Kernel kernel, Path root) {
        this.files = new StoreFiles(kernel, root);
        this.blobs = new BlobStore(files);
        this.trees = new TreeStore(files, blobs);
        this.index = new ImageIndex(files);
    }

    /**
     * Opens the store of this user: {@code GANTRY_IMAGES} if that is set, {@code /var/lib/gantry/images} for root, and
     * for others {@code gantry/images} in {@code XDG_DATA_HOME} or {@code ~/.local/share}.
     */
    public static Images ofUser(Map<String, String> environment) {
        Kernel kernel = LinuxKernel.load();
        return new Images(kernel, rootOf(kernel.effectiveUid(), environment));
    }

    static Path rootOf(int uid, Map<String, String> environment) {
        String named = environment.getOrDefault("GANTRY_IMAGES", "");
        if (!named.isEmpty()) {
            return RawPath.here(named).toAbsolutePath();
        }
        if (uid == 0) {
            return Path.of("/var/lib/gantry/images");
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path home = Path.of(environment.getOrDefault("HOME", "/nonexistent"));
        return (data.startsWith("/") ? RawPath.of(data) : home.resolve(".local/share")).resolve("gantry/images");
    }

    /**
     * Returns an image by what a user calls it: {@code oci:DIRECTORY[:TAG]}, {@code oci-archive:FILE[:TAG]},
     * {@code docker-archive:FILE[:NAME]}, or a name in the store. A file is copied to the store unless it was
     * before and has not changed since.
     *
     * @param base from which a relative path counts
     * @throws ContainerException if there is none, or something is wrong with it
     */
    public Image find(String text, Path base) {
        ImageName name = ImageName.of(text, base);
        if (name.kind() == ImageName.Kind.STORED) {
            return stored(name.text());
        }
        String stamp = stamp(name);
        Optional<Descriptor> known = index.find(name.text())
                .filter(found ->
                        !stamp.isEmpty() && stamp.equals(found.annotations().get(ImageIndex.STAMP)));
        if (known.isPresent()) {
            return image(name.text(), known.get());
        }
        return adding("image `%s`".formatted(name.text()), what -> {
            try (Source source = open(name, what)) {
                Source.Offer offer = choose(what, source.offers(), name.tag());
                Image image = fetch(what, source, offer.descriptor(), name.text());
                index.put(name.text(), descriptor(image), stamp);
                return image;
            }
        });
    }

    /**
     * Copies all images of an archive or a layout to the store, under the names that they have there.
     *
     * @param text as for {@link #find}; a path alone will do
     * @param base from which a relative path counts
     * @return them, one for each name
     */
    public List<Image> load(String text, Path base) {
        Path path = RawPath.resolve(base, text);
        boolean hasForm =
                text.startsWith("oci:") || text.startsWith("oci-archive:") || text.startsWith("docker-archive:");
        String form = Files.isDirectory(path) ? "oci:" : "docker-archive:";
        ImageName name = ImageName.of(hasForm ? text : form + text, base);
        return adding("load `%s`".formatted(text), what -> {
            try (Source source = open(name, what)) {
                return loadAll(what, source, name.tag());
            }
        });
    }

    /** Does the same with an archive that is read to its end, but not closed. */
    public List<Image> load(InputStream archive) {
        return adding("load the standard input", what -> {
            try (Source source = new ArchiveSource(what, archive, spool())) {
                return loadAll(what, source, "");
            }
        });
    }

    private List<Image> loadAll(String what, Source source, String tag) {
        List<Source.Offer> offers = tag.isEmpty() ? source.offers() : List.of(choose(what, source.offers(), tag));
        List<Image> loaded = new ArrayList<>();
        for (Source.Offer offer : offers) {
            Image image = fetch(what, source, offer.descriptor(), "");
            List<String> names =
                    offer.names().isEmpty() ? List.of(image.digest().toString()) : offer.names();
            for (String name : names) {
                index.put(name, descriptor(image), "");
                loaded.add(image(name, descriptor(image)));
            }
        }
        if (loaded.isEmpty()) {
            throw new ContainerException(ErrorKind.IMAGE, "%s: there is no image in it".formatted(what));
        }
        return loaded;
    }

    /** Something that adds to the store. */
    private interface Work<T> {
        T run(String what) throws IOException;
    }

    @SuppressWarnings("try") // the lock is only held
    private <T> T adding(String what, Work<T> work) {
        files.make();
        try (Fd lock = files.share()) {
            return work.run(what);
        } catch (NoSuchFileException e) {
            throw new ContainerException(
                    ErrorKind.NOT_FOUND,
                    "%s: `%s`: no such file or directory (ENOENT)".formatted(what, e.getFile()),
                    e);
        } catch (IOException e) {
            throw IoReason.failure(what, e);
        }
    }

    private Source open(ImageName name, String what) throws IOException {
        if (name.kind() == ImageName.Kind.LAYOUT) {
            return new LayoutSource(name.path());
        }
        if (!Files.exists(name.path())) {
            throw new NoSuchFileException(RawPath.text(name.path()));
        }
        try (InputStream archive = Files.newInputStream(name.path())) {
            return new ArchiveSource(what, archive, spool());
        }
    }

    private Path spool() throws IOException {
        return Files.createDirectory(files.work().resolve("spool-" + UUID.randomUUID()));
    }

    /** Returns what of a file changes when it is written; empty for a layout, whose index is read each time. */
    private static String stamp(ImageName name) {
        if (name.kind() == ImageName.Kind.LAYOUT) {
            return "";
        }
        try {
            BasicFileAttributes file = Files.readAttributes(name.path(), BasicFileAttributes.class);
            return "%s %s %s".formatted(file.size(), file.lastModifiedTime(), file.fileKey());
        } catch (IOException e) {
            return ""; // which is reported when it is read
        }
    }

    private static Source.Offer choose(String what, List<Source.Offer> offers, String tag) {
        List<Source.Offer> fitting = offers.stream()
                .filter(offer -> tag.isEmpty()
                        || offer.names().contains(tag)
                        || offer.names().stream().anyMatch(name -> name.endsWith("/" + tag)))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        List<String> names =
                offers.stream().flatMap(offer -> offer.names().stream()).toList();
        String wrong = !tag.isEmpty()
                ? "there is no `%s` in it".formatted(tag)
                : offers.isEmpty() ? "there is no image in it" : "there are %d images in it".formatted(offers.size());
        throw new ContainerException(
                ErrorKind.NOT_FOUND,
                "%s: %s".formatted(what, wrong),
                names.isEmpty() ? null : "name one of `%s`".formatted(String.join("`, `", names)),
                null);
    }

    private Image fetch(String what, Source source, Descriptor offered, String name) {
        Descriptor manifest = offered;
        for (int level = 0; ; level++) {
            blobs.fetch(what, source, manifest);
            JsonNode document = Json.parse(blobs.document(what, manifest.digest()), what);
            if (!document.path("manifests").isArray()) {
                break;
            }
            if (level == MAX_INDEX_LEVELS) {
                throw new ContainerException(ErrorKind.IMAGE, "%s: it is a list of lists of lists".formatted(what));
            }
            manifest = ofMachine(what, document);
        }
        JsonNode document = Json.parse(blobs.document(what, manifest.digest()), what);
        Manifest parts = Manifest.of(document, what);
        blobs.fetch(what, source, parts.config());
        parts.layers().forEach(layer -> blobs.fetch(what, source, layer));
        return image(name, manifest);
    }

    private static Descriptor ofMachine(String what, JsonNode list) {
        List<Descriptor> all = new ArrayList<>();
        list.path("manifests").forEach(node -> all.add(Descriptor.of(node, what)));
        Platform machine = Platform.ofMachine();
        return all.stream()
                .filter(manifest -> fit(manifest, machine) > 0)
                .max(Comparator.comparingInt(manifest -> fit(manifest, machine)))
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.IMAGE,
                        "%s: it is not for `%s`, only for `%s`"
                                .formatted(
                                        what,
                                        machine,
                                        String.join(
                                                "`, `",
                                                all.stream()
                                                        .map(manifest -> String.valueOf(manifest.platform()))
                                                        .toList()))));
    }

    private static int fit(Descriptor manifest, Platform machine) {
        return manifest.platform() == null ? 1 : manifest.platform().fits(machine);
    }

    private static Descriptor descriptor(Image image) {
        return new Descriptor(Manifest.MEDIA_TYPE, image.digest(), image.manifestBytes(), Map.of(), null);
    }

    private Image stored(String name) {
        Optional<Descriptor> found = files.exists() ? index.find(name) : Optional.empty();
        return image(
                name,
                found.orElseThrow(() -> new ContainerException(
                        ErrorKind.NOT_FOUND,
                        "image `%s` is not in the store".formatted(name),
                        "see `gantry images`; `gantry load FILE` adds one",
                        null)));
    }

    private Image image(String name, Descriptor manifest) {
        String what = "image `%s`".formatted(name.isEmpty() ? manifest.digest().toString() : name);
        Manifest parts = Manifest.of(Json.parse(blobs.document(what, manifest.digest()), what), what);
        ImageConfig config =
                ImageConfig.of(Json.parse(blobs.document(what, parts.config().digest()), what), what);
        return new Image(name, manifest.digest(), manifest.size(), parts, config);
    }

    /**
     * Unpacks the layers of an image that are not yet.
     *
     * @return their host paths, the topmost first
     */
    public List<String> unpack(Image image) {
        return adding("image `%s`".formatted(image.name()), what -> trees.unpack(what, image));
    }

    /**
     * Returns what a container is made of that runs an image: finds it, unpacks it, and looks its user up.
     *
     * @param text as for {@link #find}
     * @param base from which a relative path counts
     */
    public ImageRoot root(String text, Path base) {
        Image image = find(text, base);
        List<String> layers = unpack(image);
        if (layers.isEmpty()) {
            throw new ContainerException(ErrorKind.IMAGE, "image `%s`: it has no layers".formatted(image.name()));
        }
        if (layers.stream().anyMatch(layer -> layer.matches(".*[:,\\\\].*"))) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "image store `%s`: overlayfs takes no path with `:`, `,` or `\\`"
                            .formatted(RawPath.text(files.root())),
                    "name another one by GANTRY_IMAGES",
                    null);
        }
        return new ImageRoot(
                image,
                layers,
                new ImageUsers(files.kernel(), image.name(), layers)
                        .find(image.config().user()));
    }

    /** Returns the images in the store, by their names. */
    public List<Image> list() {
        if (!files.exists()) {
            return List.of();
        }
        List<Image> all = new ArrayList<>();
        index.read().forEach((name, manifest) -> all.add(image(name, manifest)));
        all.sort(Comparator.comparing(Image::name));
        return all;
    }

    /**
     * Takes a name away; {@link #prune} removes what nobody needs then.
     *
     * @throws ContainerException of kind NOT_FOUND if no image has it
     */
    public void remove(String name) {
        stored(name);
        index.remove(name);
    }

    /**
     * Removes contents and layers that belong to no image and are used by no container. Blocks until nobody loads or
     * unpacks anything.
     *
     * @return how many files and layers were removed
     */
    @SuppressWarnings("try") // the lock is only held
    public int prune() {
        if (!files.exists()) {
            return 0;
        }
        try (Fd lock = files.own()) {
            return new Pruning(files, blobs, list()).run();
        } catch (IOException e) {
            throw IoReason.failure("prune image store `%s`".formatted(RawPath.text(files.root())), e);
        }
    }
}
