package dev.gantry.io;

import dev.gantry.text.TextOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What a process has written to one of its ends, within bounds, and copied as it comes. Not thread-safe. */
final class CollectedOutput {
    /** More than this is not kept: results are in the heap. */
    static final int MOST_BYTES = 64 << 20;

    /** So much is kept of what somebody has seen as it came. */
    private static final int MOST_BYTES_OF_COPIED = 8 << 20;

    private final Optional<OutputStream> copy;
    private final boolean keepsLast;
    private final Tail kept;

    /**
     * Creates an empty collection.
     *
     * @param copy receives all bytes too
     * @param keepsLast whether the oldest bytes make way when there are too many
     */
    CollectedOutput(Optional<OutputStream> copy, boolean keepsLast) {
        this.copy = copy.map(TextOutput::ofProgram);
        this.keepsLast = keepsLast;
        this.kept = new Tail(keepsLast && copy.isPresent() ? MOST_BYTES_OF_COPIED : MOST_BYTES);
    }

    /** Takes bytes; returns whether there was room. */
    boolean add(byte[] bytes) {
        copy.ifPresent(to -> {
            try {
                to.write(bytes);
                to.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (!keepsLast && kept.size() + bytes.length > MOST_BYTES) {
            return false;
        }
        kept.add(bytes);
        return true;
    }

    /** Takes no more: what waits of the copy is written. */
    void end() {
        copy.ifPresent(TextOutput::endOfProgram);
    }

    byte[] bytes() {
        return kept.bytes();
    }
}
