package dev.gantry.image.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Looks through a tar archive as it is read by commons-compress, for two things that are lost there: the bytes of
 * extended attributes, which are no text, and the size of headers that are read into memory whole.
 */
public final class PaxRecords extends FilterInputStream {
    private static final int RECORD = 512;
    private static final int SIZE = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE = 156;
    private static final int IS_EXTENDED = 482; // of the old sparse header of GNU
    private static final int IS_EXTENDED_AGAIN = 504;
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final String XATTR = "SCHILY.xattr.";

    private final byte[] record = new byte[RECORD];
    private final byte[] one = new byte[1];
    private int filled;
    private long bodyLeft;
    private int padding;
    private byte[] captured;
    private int capturedBytes;
    private boolean moreSparse;
    private Long size;
    private Map<String, byte[]> pending = new LinkedHashMap<>();
    private Map<String, byte[]> current = Map.of();

    /** Looks through an archive that is not packed. */
    public PaxRecords(InputStream archive) {
        super(archive);
    }

    /** Returns the extended attributes of the entry whose header was read last. */
    Map<String, byte[]> attributes() {
        return current;
    }

    @Override
    public int read() throws IOException {
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        int read = in.read(bytes, from, count);
        if (read > 0) {
            look(bytes, from, read);
        } else if (read < 0 && bodyLeft > 0 && bodyLeft <= padding) { // as umoci insert ends its archives
            int missing = (int) Math.min(bodyLeft, count);
            Arrays.fill(bytes, from, from + missing, (byte) 0);
            look(bytes, from, missing);
            return missing;
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException { // through read, which looks at what is skipped
        byte[] skipped = new byte[(int) Math.min(count, 1 << 16)];
        long done = 0;
        while (done < count) {
            int read = read(skipped, 0, (int) Math.min(count - done, skipped.length));
            if (read < 0) {
                break;
            }
            done += read;
        }
        return done;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void look(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            if (bodyLeft > 0) {
                int part = (int) Math.min(bodyLeft, end - at);
                capture(bytes, at, part);
                bodyLeft -= part;
                at += part;
                if (bodyLeft == 0) {
                    endBody();
                }
            } else {
                int part = Math.min(RECORD - filled, end - at);
                System.arraycopy(bytes, at, record, filled, part);
                filled += part;
                at += part;
                if (filled == RECORD) {
                    filled = 0;
                    header();
                }
            }
        }
    }

    private void header() throws IOException {
        if (moreSparse) {
            moreSparse = record[IS_EXTENDED_AGAIN] != 0;
            return;
        }
        if (isEmpty()) {
            return;
        }
        if (number(CHECKSUM, CHECKSUM_BYTES) != checksum()) {
            throw new RefusedEntry("it is no tar archive, or damaged: a header has a wrong checksum");
        }
        char type = (char) (record[TYPE] & 0xff);
        long bytes = number(SIZE, SIZE_BYTES);
        if (type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K') {
            if (bytes < 0 || bytes > MAX_HEADER_BYTES) {
                throw new RefusedEntry(
                        "a header of %d bytes; more than %d are refused".formatted(bytes, MAX_HEADER_BYTES));
            }
            captured = type == 'x' || type == 'X' ? new byte[(int) bytes] : null;
            capturedBytes = 0;
        } else {
            bytes = size == null ? bytes : size;
            if (bytes < 0) {
                throw new RefusedEntry("an entry of %d bytes".formatted(bytes));
            }
            moreSparse = type == 'S' && record[IS_EXTENDED] != 0;
            current = pending;
            pending = new LinkedHashMap<>();
            size = null;
        }
        padding = (int) ((RECORD - bytes % RECORD) % RECORD);
        bodyLeft = bytes > Long.MAX_VALUE - RECORD ? Long.MAX_VALUE : bytes + padding;
    }

    private void capture(byte[] bytes, int from, int count) {
        if (captured != null) {
            int part = Math.min(count, captured.length - capturedBytes);
            System.arraycopy(bytes, from, captured, capturedBytes, part);
            capturedBytes += part;
        }
    }

    private void endBody() throws IOException {
        byte[] records = captured;
        captured = null;
        if (records != null) {
            parse(records);
        }
    }

    /** Each record is {@code LENGTH KEY=VALUE\n}, where the length counts the whole of it. */
    private void parse(byte[] records) throws IOException {
        int at = 0;
        while (at < records.length && records[at] != 0) {
            int blank = indexOf(records, ' ', at);
            int length = blank < 0 ? 0 : decimal(records, at, blank);
            int equals = blank < 0 ? -1 : indexOf(records, '=', blank);
            int end = at + length - 1;
            if (length <= 0 || length > records.length - at || equals < 0 || equals >= end) {
                throw new RefusedEntry("an extended header is damaged");
            }
            String key = new String(records, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
            if (key.startsWith(XATTR)) {
                pending.put(key.substring(XATTR.length()), Arrays.copyOfRange(records, equals + 1, end));
            } else if (key.equals("size")) {
                size = longDecimal(records, equals + 1, end);
            }
            at += length;
        }
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int decimal(byte[] bytes, int from, int to) throws IOException {
        long number = longDecimal(bytes, from, to);
        if (number > MAX_HEADER_BYTES) {
            throw new RefusedEntry("an extended header is damaged");
        }
        return (int) number;
    }

    private static long longDecimal(byte[] bytes, int from, int to) throws IOException {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                throw new RefusedEntry("an extended header has a number that is none");
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private boolean isEmpty() {
        for (byte octet : record) {
            if (octet != 0) {
                return false;
            }
        }
        return true;
    }

    private long checksum() {
        long sum = 0;
        for (int i = 0; i < RECORD; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES ? ' ' : record[i] & 0xff;
        }
        return sum;
    }

    /** Reads octal digits, or the binary form of GNU for larger numbers. */
    private long number(int from, int count) {
        long number = 0;
        if ((record[from] & 0x80) != 0) {
            for (int i = from + count - Long.BYTES; i < from + count; i++) {
                number = number << 8 | record[i] & 0xff;
            }
            return number;
        }
        for (int i = from; i < from + count; i++) {
            if (record[i] >= '0' && record[i] <= '7') {
                number = number << 3 | record[i] - '0';
            } else if (number != 0) {
                break;
            }
        }
        return number;
    }
}
