package dev.gantry.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Turns JSON text into trees and trees into text. */
public final class Json {
    /** How large a document may be, in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    /** How deep arrays and objects may be nested. */
    public static final int MAX_DEPTH = 64;

    /** How long one string may be, in characters. */
    public static final int MAX_STRING = 1 << 20;

    /** How many characters a number may have. */
    public static final int MAX_NUMBER = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_BYTES)
                    .maxNestingDepth(MAX_DEPTH + 1) // TreeReader refuses it first, and with a better text
                    .maxStringLength(MAX_STRING)
                    .maxNameLength(MAX_STRING)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** What some editors begin a file of UTF-8 with. */
    private static final char BYTE_ORDER_MARK = 0xfeff;

    private Json() {}

    /**
     * Reads one document. Refuses duplicate members, anything but blanks after the document, and documents beyond the
     * limits of this class.
     *
     * @param what the document's name in error messages, such as {@code config.json}
     * @throws ConfigException if the document is refused, with line and column of the first mistake
     */
    public static JsonNode parse(byte[] utf8, String what) {
        if (utf8.length > MAX_BYTES) {
            throw new ConfigException(
                    "%s: the document has %d bytes, more than %d".formatted(what, utf8.length, MAX_BYTES));
        }
        try (JsonParser parser = FACTORY.createParser(decode(utf8, what))) {
            return new TreeReader(parser, what).document();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Decodes strictly; the parser's own decoder lets overlong forms pass, such as a NUL in two bytes. */
    private static char[] decode(byte[] utf8, String what) {
        ByteBuffer in = ByteBuffer.wrap(utf8);
        try {
            CharBuffer out = StandardCharsets.UTF_8.newDecoder().decode(in);
            if (out.hasRemaining() && out.get(0) == BYTE_ORDER_MARK) {
                out.get();
            }
            char[] text = new char[out.remaining()];
            out.get(text);
            return text;
        } catch (CharacterCodingException e) {
            throw new ConfigException("%s: not UTF-8 at byte %d".formatted(what, in.position()));
        }
    }

    /** Returns the tree as text without any blanks. */
    public static String compact(JsonNode node) {
        return new TreeWriter("").text(node);
    }

    /**
     * Returns the tree as text with one value a line and {@code "key": value}, without a line feed at the end. Empty
     * arrays and objects are {@code []} and {@code {}}; {@code /} is not escaped.
     *
     * @param indent what one level is indented by, blanks or a tab; not empty
     */
    public static String indented(JsonNode node, String indent) {
        return new TreeWriter(indent).text(node);
    }
}
