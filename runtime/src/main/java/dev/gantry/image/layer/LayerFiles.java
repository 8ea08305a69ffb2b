package dev.gantry.image.layer;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Reads files of an image, as its containers will see them. */
public final class LayerFiles {
    private LayerFiles() {}

    /**
     * Returns what is in a regular file, links followed; empty if there is no such file.
     *
     * @param layers the host paths of the layers, the topmost first
     * @param limit how many bytes are read at most
     * @throws ContainerException if the file has more, or cannot be read
     */
    public static Optional<byte[]> read(Kernel kernel, List<String> layers, String path, int limit) {
        try (LayerTree tree = new LayerTree(kernel, null, layers, kernel.effectiveUid() == 0)) {
            Optional<Fd> file = tree.openFile(path);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            try (Fd opened = file.get();
                    InputStream content = Files.newInputStream(Node.handle(opened))) {
                byte[] bytes = content.readNBytes(limit + 1);
                if (bytes.length > limit) {
                    throw new ContainerException(
                            ErrorKind.IMAGE,
                            "read `%s` of the image: it has more than %d bytes".formatted(path, limit));
                }
                return Optional.of(bytes);
            }
        } catch (IOException e) {
            throw IoReason.failure("read `%s` of the image".formatted(path), e);
        } catch (KernelException e) {
            throw new ContainerException(
                    ErrorKind.KERNEL,
                    "read `%s` of the image: %s".formatted(path, e.errno().describe()),
                    e);
        }
    }
}
