package dev.gantry.image.layer;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes what is in files. */
final class FileContent {
    private static final int BLOCK = 4096;
    private static final int BUFFER_BYTES = 1 << 17;
    private static final int WHILE_WRITTEN = 0600;

    private final Kernel kernel;
    private final byte[] part = new byte[BUFFER_BYTES];
    private final byte[] zeros = new byte[BLOCK];

    FileContent(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Makes a file of a layer below again in another directory. */
    void copy(Fd from, Fd directory, String name) throws IOException {
        try (Fd source = kernel.openAt(from, name, OpenFlag.NOFOLLOW, OpenFlag.NONBLOCK);
                InputStream bytes = Files.newInputStream(Node.handle(source))) {
            write(directory, name, bytes, Long.MAX_VALUE, true);
        }
    }

    /**
     * Makes a file.
     *
     * @param limit how many bytes there may be
     * @param hasHoles whether blocks of nothing but zeros become holes
     */
    void write(Fd directory, String name, InputStream content, long limit, boolean hasHoles) throws IOException {
        try (Fd file = kernel.fileMaker().file(directory, name, WHILE_WRITTEN);
                FileChannel out = FileChannel.open(Node.handle(file), StandardOpenOption.WRITE)) {
            long at = 0;
            for (int count = content.readNBytes(part, 0, part.length);
                    count > 0;
                    count = content.readNBytes(part, 0, part.length)) {
                if (at + count > limit) {
                    throw new RefusedEntry("it has more than %d bytes".formatted(limit));
                }
                write(out, at, count, hasHoles);
                at += count;
            }
            if (hasHoles) {
                kernel.entries().resize(file, at);
            }
        }
    }

    private void write(FileChannel out, long at, int count, boolean hasHoles) throws IOException {
        if (!hasHoles) {
            writeFully(out, at, 0, count);
            return;
        }
        for (int from = 0; from < count; from += BLOCK) {
            int length = Math.min(BLOCK, count - from);
            if (!Arrays.equals(part, from, from + length, zeros, 0, length)) {
                writeFully(out, at + from, from, length);
            }
        }
    }

    private void writeFully(FileChannel out, long at, int from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(part, from, count);
        long position = at;
        while (buffer.hasRemaining()) {
            position += out.write(buffer, position);
        }
    }
}
