package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a content is named by: the hash of its bytes. */
public record Digest(String algorithm, String hex) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9]+):([0-9a-f]+)");
    private static final Map<String, String> JAVA_NAMES = Map.of("sha256", "SHA-256", "sha512", "SHA-512");
    private static final Map<String, Integer> HEX_LENGTHS = Map.of("sha256", 64, "sha512", 128);

    /**
     * Reads one, such as {@code sha256:0123...}.
     *
     * @param what that has it, for messages
     * @throws ContainerException of kind IMAGE if it is none, or of an algorithm that is not supported
     */
    public static Digest of(String text, String what) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        if (!form.matches()
                || HEX_LENGTHS.getOrDefault(form.group(1), 0) != form.group(2).length()) {
            throw new ContainerException(
                    ErrorKind.IMAGE, "%s: `%s` is no digest by sha256 or sha512".formatted(what, text));
        }
        return new Digest(form.group(1), form.group(2));
    }

    /** Returns the digest by sha256 of bytes in memory. */
    public static Digest sha256(byte[] bytes) {
        return of("sha256", hasher("sha256").digest(bytes));
    }

    static Digest of(String algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** Returns what computes a digest of the same algorithm. */
    MessageDigest hasher() {
        return hasher(algorithm);
    }

    static MessageDigest hasher(String algorithm) {
        try {
            return MessageDigest.getInstance(JAVA_NAMES.get(algorithm));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
