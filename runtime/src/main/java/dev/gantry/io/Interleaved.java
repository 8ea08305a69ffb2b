package dev.gantry.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The last of what a process has written to both its streams, in the order in which it was read, but no line within
 * another. Not thread-safe.
 */
final class Interleaved {
    private static final int MOST_BYTES = 65_536;
    private static final int MOST_OF_LINE = 8_192;

    private static final byte[] CUT = "...".getBytes(StandardCharsets.US_ASCII);

    private final Tail kept = new Tail(MOST_BYTES);
    private final ByteArrayOutputStream outLine = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errLine = new ByteArrayOutputStream();

    /** Takes what was written next to one of the streams. */
    void add(boolean isOut, byte[] bytes) {
        ByteArrayOutputStream line = isOut ? outLine : errLine;
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end > 0) {
            flush(line);
            kept.add(Arrays.copyOf(bytes, end));
        }
        line.write(bytes, end, bytes.length - end);
        if (line.size() > MOST_OF_LINE) {
            line.writeBytes(CUT); // a secret may be cut here, and is masked in parts at such a mark
            line.write('\n');
            flush(line);
            line.writeBytes(CUT);
        }
    }

    private void flush(ByteArrayOutputStream line) {
        kept.add(line.toByteArray());
        line.reset();
    }

    /** Returns it as UTF-8. */
    String text() {
        if (outLine.size() > 0 && errLine.size() > 0) {
            outLine.write('\n');
        }
        flush(outLine);
        flush(errLine);
        return new String(kept.bytes(), StandardCharsets.UTF_8);
    }
}
