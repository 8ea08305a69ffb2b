package dev.gantry.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Shown;
import dev.gantry.json.Json;
import dev.gantry.wire.RawText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Texts that must not be read in what Gantry writes: {@code ***} stands for them there.
 *
 * <p>A text is also found as JSON, an assertion of Groovy's and {@link Shown#escaped} write it, and so is each of its
 * lines of four characters or more. Where a message was cut ({@code ...}) before it came here, four characters of a
 * secret at the cut are enough. Other codings of it, such as base64, are not found. Thread-safe.
 */
public final class Secrets {
    private static final String MASK = "***";
    private static final String CUT = "...";
    private static final int LEAST_OF_A_PART = 4;

    private volatile List<String> texts = List.of();
    private volatile List<String> encoded = List.of();

    /**
     * Hides a text from now on.
     *
     * @throws ConfigException if it is blank: {@code ***} would stand everywhere
     */
    public synchronized void add(String text) {
        if (text == null || text.isBlank()) {
            throw new ConfigException("secret: there is nothing to hide: the text is "
                    + (text == null ? "null" : text.isEmpty() ? "empty" : "blank"));
        }
        TreeSet<String> all = new TreeSet<>(Comparator.comparing(String::length).thenComparing(String::compareTo));
        all.addAll(texts);
        addForms(text, all);
        text.lines().filter(line -> line.strip().length() >= LEAST_OF_A_PART).forEach(line -> addForms(line, all));
        texts = List.copyOf(all);
        encoded = texts.stream().map(Secrets::octets).toList();
    }

    private static void addForms(String text, TreeSet<String> all) {
        all.add(text);
        all.add(Shown.escaped(text));
        String quoted = Json.compact(JsonNodeFactory.instance.textNode(text));
        String json = quoted.substring(1, quoted.length() - 1);
        all.add(json);
        all.add(json.replace("\\\"", "\"").replace("'", "\\'"));
    }

    /** Returns whether there is something to hide. */
    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /** Returns the text with a mask for each secret in it, or for each run of secrets that overlap. */
    public String masked(String text) {
        return masked(text, texts, text.length());
    }

    /**
     * Octets, as {@link #octets} writes them, in two parts.
     *
     * @param masked what can be written
     * @param waiting what may be the beginning of a secret whose rest is still to come
     */
    record Split(String masked, String waiting) {}

    /** Splits octets where the beginning of a secret may be. */
    Split split(String octets) {
        int begin = beginOfPart(octets);
        return new Split(masked(octets, encoded, begin), octets.substring(begin));
    }

    /** Masks all of the octets: nothing waits. */
    Split splitAtEnd(String octets) {
        return new Split(masked(octets, encoded, octets.length()), "");
    }

    /**
     * Returns from where octets, as {@link #octets} writes them, may be the beginning of a secret whose rest is still
     * to come; their number if they are not.
     */
    private int beginOfPart(String octets) {
        BitSet hidden = find(octets, encoded);
        int begin = octets.length();
        for (String secret : encoded) {
            int from = Math.max(0, octets.length() - secret.length() + 1);
            for (int at = from; at < begin; at++) {
                if (octets.regionMatches(at, secret, 0, octets.length() - at)) {
                    begin = at;
                }
            }
        }
        return hidden.get(begin) ? hidden.nextClearBit(begin) : begin; // what is masked is not kept as well
    }

    /**
     * Returns UTF-8, and bytes that are not UTF-8, as a text of one character for each octet, so that a text that is
     * cut within a character can be searched.
     */
    static String octets(String text) {
        byte[] bytes = RawText.encode(text);
        return octets(bytes, 0, bytes.length);
    }

    /** Returns the text that {@link #octets(String)} has written. */
    static String text(String octets) {
        return RawText.decode(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns a text of a character an octet. */
    static String octets(byte[] bytes, int from, int count) {
        return new String(bytes, from, count, StandardCharsets.ISO_8859_1);
    }

    private static String masked(String text, List<String> secrets, int end) {
        BitSet hidden = secrets.isEmpty() ? new BitSet() : find(text, secrets);
        if (hidden.isEmpty()) {
            return text.substring(0, end);
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int at = 0; at < end; ) {
            int next = hidden.get(at) ? hidden.nextClearBit(at) : hidden.nextSetBit(at);
            int until = next < 0 ? end : Math.min(next, end);
            out.append(hidden.get(at) ? MASK : text.substring(at, until));
            at = until;
        }
        return out.toString();
    }

    /** Returns which characters belong to a secret. */
    private static BitSet find(String text, List<String> secrets) {
        BitSet hidden = new BitSet(text.length());
        for (String secret : secrets) {
            for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
                hidden.set(at, at + secret.length());
            }
        }
        for (int cut : positions(text, CUT)) {
            for (String secret : secrets) {
                findPart(text, cut, secret, hidden);
            }
        }
        return hidden;
    }

    /** Finds the longest part of a secret that ends where the text was cut, or begins behind. */
    private static void findPart(String text, int cut, String secret, BitSet hidden) {
        int behind = cut + CUT.length();
        for (int length = secret.length() - 1; length >= LEAST_OF_A_PART; length--) {
            if (text.regionMatches(cut - length, secret, 0, length)) {
                hidden.set(cut - length, cut);
            }
            if (text.regionMatches(behind, secret, secret.length() - length, length)) {
                hidden.set(behind, behind + length);
            }
        }
    }

    private static List<Integer> positions(String text, String part) {
        List<Integer> found = new ArrayList<>();
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            found.add(at);
        }
        return found;
    }
}
