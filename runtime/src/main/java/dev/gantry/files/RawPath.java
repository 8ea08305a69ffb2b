package dev.gantry.files;

import dev.gantry.wire.RawText;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Paths with names of any bytes, and their texts as {@link RawText} has them, whatever the locale is. A {@link Path} of
 * the platform keeps bytes, but its own way to a text and back loses those that the locale does not know; the way by
 * a URI does not.
 */
public final class RawPath {
    /** Where there is nothing: the way to a URI looks whether something is a directory. */
    private static final Path NOWHERE = Path.of("/proc/self/nowhere");

    private static final String UNRESERVED = "/-._~"; // beside letters and digits, RFC 3986

    private RawPath() {}

    /**
     * Returns the path that a text names.
     *
     * @throws InvalidPathException if it has NUL, or half a character that stands for no byte
     */
    public static Path of(String text) {
        if (isAscii(text)) {
            return Path.of(text);
        }
        byte[] bytes = RawText.encode(text);
        if (text.indexOf('\0') >= 0 || !RawText.decode(bytes).equals(text)) {
            throw new InvalidPathException(text, "no name of a file");
        }
        boolean absolute = text.startsWith("/");
        String slashedOnce = escaped(bytes).replaceAll("/{2,}", "/"); // which Java does not do with a URI
        Path path = Path.of(URI.create("file://" + (absolute ? "" : NOWHERE + "/") + slashedOnce));
        return absolute ? path : path.subpath(NOWHERE.getNameCount(), path.getNameCount());
    }

    /**
     * Returns the path that a caller names from the working directory. It is absolute where Java has lost the name of
     * that directory: it keeps the name as a text, and relative paths lead nowhere then.
     */
    public static Path here(String text) {
        Path path = of(text);
        return path.isAbsolute()
                ? path
                : lostDirectory().map(dir -> dir.resolve(path)).orElse(path);
    }

    private static Optional<Path> lostDirectory() {
        String kept = System.getProperty("user.dir");
        if (isAscii(kept)) {
            return Optional.empty();
        }
        try {
            Path directory = Files.readSymbolicLink(Path.of("/proc/self/cwd"));
            return directory.equals(Path.of(kept)) ? Optional.empty() : Optional.of(directory);
        } catch (IOException | InvalidPathException e) { // Java's name of it is all there is
            return Optional.empty();
        }
    }

    /** Returns what a text names beneath a directory. */
    public static Path resolve(Path directory, String text) {
        return directory.resolve(of(text));
    }

    /** Returns the text of a path, from which {@link #of} makes it again. */
    public static String text(Path path) {
        String shown = path.toString();
        if (isAscii(shown)) {
            return shown;
        }
        Path names = path.isAbsolute() ? path.subpath(0, path.getNameCount()) : path;
        String escaped = NOWHERE.resolve(names).toUri().getRawPath();
        String text = RawText.decode(bytes(escaped.substring(NOWHERE.toString().length() + 1)));
        return path.isAbsolute() ? "/" + text : text;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String escaped(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (byte each : bytes) {
            char c = (char) (each & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
            }
        }
        return out.toString();
    }

    private static byte[] bytes(String escaped) {
        byte[] ascii = escaped.getBytes(StandardCharsets.US_ASCII);
        byte[] out = new byte[ascii.length];
        int length = 0;
        for (int i = 0; i < ascii.length; i++) {
            if (ascii[i] == '%') {
                out[length++] = (byte) Integer.parseInt(escaped.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                out[length++] = ascii[i];
            }
        }
        return Arrays.copyOf(out, length);
    }
}
