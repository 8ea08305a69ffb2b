package dev.gantry.image.layer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;

/** How a layer is packed; found out by its first bytes, since media types are often wrong. */
public enum Compression {
    NONE,
    GZIP,
    ZSTD;

    private static final int MAGIC_BYTES = 4;
    private static final int BUFFER_BYTES = 1 << 16;

    /** Returns the unpacked bytes of a stream, which is closed with the result. */
    public static InputStream unpacked(InputStream packed) throws IOException {
        PushbackInputStream stream = new PushbackInputStream(packed, MAGIC_BYTES);
        byte[] begin = stream.readNBytes(MAGIC_BYTES);
        stream.unread(begin);
        return switch (of(begin)) {
            case NONE -> stream;
            case GZIP -> new GZIPInputStream(stream, BUFFER_BYTES);
            case ZSTD -> zstd(stream);
        };
    }

    static Compression of(byte[] begin) {
        if (begins(begin, 0x1f, 0x8b)) {
            return GZIP;
        }
        return begins(begin, 0x28, 0xb5, 0x2f, 0xfd) ? ZSTD : NONE;
    }

    private static InputStream zstd(InputStream stream) throws IOException {
        try {
            return new ZstdInputStream(stream);
        } catch (UnsatisfiedLinkError e) { // its library is unpacked to java.io.tmpdir
            throw new IOException("the library for zstd cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static boolean begins(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
