package dev.gantry.rootfs;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Copies the data of files, and none of their holes: those of a container's file are as large as it likes. Of a file
 * that grows meanwhile the part that was there is copied. Not thread-safe.
 */
final class SparseCopy {
    private static final int BUFFER_BYTES = 65_536;
    private static final int ENTRY_BYTES = 4096; // about what a name and an inode take

    private final Kernel kernel;
    private final long limit;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long copied;
    private long counted; // of the entry's bytes, in advance

    /** @param limit how many bytes are copied at most, of all files together */
    SparseCopy(Kernel kernel, long limit) {
        this.kernel = kernel;
        this.limit = limit;
    }

    /**
     * Counts an entry of a directory, whatever it is, as 4 KiB, which may be the first of its data.
     *
     * @throws IOException if there are more than the limit allows
     */
    void beginEntry() throws IOException {
        add(ENTRY_BYTES);
        counted = ENTRY_BYTES;
    }

    private void add(long bytes) throws IOException {
        copied += bytes;
        if (copied > limit) {
            throw new IOException("there are more than %d bytes".formatted(limit));
        }
    }

    /**
     * Copies a file to the beginning of another, which is empty, or a device.
     *
     * @throws IOException if there is more data than the limit allows
     */
    void copy(Fd from, Path handle, FileChannel to, boolean isDevice) throws IOException {
        long size = Files.size(handle);
        long end = 0;
        OptionalLong data = kernel.nextData(from, 0);
        while (data.isPresent() && data.getAsLong() < size) {
            end = Math.min(size, kernel.nextHole(from, data.getAsLong()));
            copy(from, data.getAsLong(), end, to, isDevice);
            data = kernel.nextData(from, end);
        }
        if (end < size && !isDevice) {
            to.write(ByteBuffer.allocate(1), size - 1); // a hole at the end
        }
    }

    private void copy(Fd from, long begin, long end, FileChannel to, boolean isDevice) throws IOException {
        for (long at = begin; at < end; ) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
            int count = kernel.read(from, buffer, at);
            if (count == 0) {
                return; // it was cut meanwhile
            }
            add(Math.max(0, count - counted));
            counted = Math.max(0, counted - count);
            buffer.flip();
            for (long place = at; buffer.hasRemaining(); ) {
                place += isDevice ? to.write(buffer) : to.write(buffer, place);
            }
            at += count;
        }
    }
}
