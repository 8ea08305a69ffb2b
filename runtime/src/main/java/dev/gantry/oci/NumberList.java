package dev.gantry.oci;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CPUs or memory nodes given as a list such as {@code 0-2,7}, the list format of cpuset(7).
 *
 * @param text as it was given
 * @param bits the numbers in it
 */
public record NumberList(String text, BitSet bits) {
    /** The highest number that the kernel can be built for is well below. */
    private static final int LIMIT = 8192;

    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,4})\\s*(?:-\\s*(\\d{1,4})\\s*)?");

    /** Every number. */
    public static final NumberList ALL = of("0-" + (LIMIT - 1));

    /** No number. */
    public static final NumberList EMPTY = of("");

    public NumberList {
        bits = (BitSet) bits.clone();
    }

    /**
     * Reads a list; blanks around numbers are allowed, and an empty list is.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static NumberList of(String text) {
        return read(text)
                .orElseThrow(() -> new IllegalArgumentException("`%s` is not a list of numbers".formatted(text)));
    }

    /** Returns whether {@link #of} reads it. */
    public static boolean isOne(String text) {
        return read(text).isPresent();
    }

    private static Optional<NumberList> read(String text) {
        BitSet bits = new BitSet();
        if (text.isBlank()) {
            return Optional.of(new NumberList(text, bits));
        }
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                return Optional.empty();
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first || last >= LIMIT) {
                return Optional.empty();
            }
            bits.set(first, last + 1);
        }
        return Optional.of(new NumberList(text, bits));
    }

    /** Returns the numbers as bits of 64-bit words, the lowest first. */
    public List<Long> words() {
        List<Long> words = new ArrayList<>();
        for (long word : bits.toLongArray()) {
            words.add(word);
        }
        return words;
    }

    @Override
    public String toString() {
        return text;
    }
}
