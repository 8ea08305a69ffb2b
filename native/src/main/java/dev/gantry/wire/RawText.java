package dev.gantry.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text with bytes in it that are no UTF-8, each a lone surrogate from U+DC80 to U+DCFF; nothing is lost either way. */
public final class RawText {
    private static final int SURROGATE = 0xdc00;

    private RawText() {}

    /** Returns the bytes as text. */
    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what it cannot decode
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (SURROGATE | in.get() & 0xff));
            }
            result = decoder.reset().decode(in, out, true);
        }
        return out.flip().toString();
    }

    /** Returns the lines of a file, such as those of {@code /proc} that tell names. */
    public static List<String> lines(byte[] bytes) {
        return bytes.length == 0 ? List.of() : List.of(decode(bytes).split("\n"));
    }

    /** Returns whether there are bytes in a text that are no UTF-8. */
    public static boolean hasBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text, i)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the bytes of a text. */
    public static byte[] encode(String text) {
        return hasBytes(text) ? encodeEach(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] encodeEach(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text, i)) {
                out.writeBytes(text.substring(begin, i).getBytes(StandardCharsets.UTF_8));
                out.write(text.charAt(i) & 0xff);
                begin = i + 1;
            }
        }
        out.writeBytes(text.substring(begin).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static boolean isByte(String text, int at) {
        char c = text.charAt(at);
        boolean isByte = c >= (SURROGATE | 0x80) && c <= (SURROGATE | 0xff);
        return isByte && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
