package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.wire.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which containers use layers of a store: a file for each, with the directory of the container's state and the layers.
 * It counts as long as that directory is there.
 */
public final class LayerLeases {
    private final StoreFiles files;

    LayerLeases(StoreFiles files) {
        this.files = files;
    }

    /**
     * Notes that a container uses layers, before it is made.
     *
     * @param state the directory of its state, which is there
     * @param layers the host paths of unpacked layers of one store
     * @throws ContainerException of kind IMAGE if one is gone
     */
    @SuppressWarnings("try") // the lock is only held
    public static void take(Kernel kernel, Path state, List<String> layers) {
        Path root = RawPath.of(layers.get(0)).getParent().getParent();
        StoreFiles files = new StoreFiles(kernel, root);
        try (Fd lock = files.share();
                Fd alone = files.lockIndex()) {
            removeDead(files);
            for (String layer : layers) {
                if (!Files.isDirectory(RawPath.of(layer))) {
                    throw new ContainerException(
                            ErrorKind.IMAGE,
                            "layer `%s` of the image is gone".formatted(layer),
                            "it was removed after the container was defined; define it again",
                            null);
                }
            }
            String text = RawPath.text(state) + "\0" + String.join("\0", layers);
            files.replace(file(files, state), RawText.encode(text));
        } catch (IOException e) {
            throw IoReason.failure("note the use of image layers in `%s`".formatted(RawPath.text(root)), e);
        }
    }

    private static void removeDead(StoreFiles files) throws IOException {
        for (Path file : Pruning.entries(files.leases())) {
            List<String> parts = parts(file);
            if (!Files.isDirectory(RawPath.of(parts.get(0)))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static List<String> parts(Path file) throws IOException {
        return new ArrayList<>(List.of(RawText.decode(Files.readAllBytes(file)).split("\0")));
    }

    private static Path file(StoreFiles files, Path state) {
        return files.leases()
                .resolve(Digest.sha256(RawText.encode(RawPath.text(state))).hex());
    }

    /** Returns the layers that are used, and removes the notes of containers that are gone. */
    Set<Path> held() throws IOException {
        Set<Path> held = new HashSet<>();
        for (Path file : Pruning.entries(files.leases())) {
            List<String> parts = parts(file);
            Path state = RawPath.of(parts.remove(0));
            if (Files.isDirectory(state) && file(files, state).equals(file)) {
                parts.forEach(layer -> held.add(RawPath.of(layer)));
            } else {
                Files.deleteIfExists(file);
            }
        }
        return held;
    }
}
