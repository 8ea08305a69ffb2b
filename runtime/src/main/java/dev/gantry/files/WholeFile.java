package dev.gantry.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are held in memory as a whole, such as configs. A device or pipe may stand for one, and may never end. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Returns what is in a file. Blocks where the file does.
     *
     * @param most how many bytes it may have
     * @throws IOException if it has more, or cannot be read
     */
    public static byte[] read(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, most);
        }
    }

    /**
     * Returns what is left of a stream, which stays open. Blocks until its end.
     *
     * @param most how many bytes it may be
     * @throws IOException if it is more, or cannot be read
     */
    public static byte[] read(InputStream in, int most) throws IOException {
        byte[] content = in.readNBytes(most);
        if (content.length == most && in.read() >= 0) {
            throw new IOException("it has more than %,d bytes".formatted(most));
        }
        return content;
    }
}
