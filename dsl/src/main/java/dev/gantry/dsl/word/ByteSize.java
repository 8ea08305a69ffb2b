package dev.gantry.dsl.word;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or disk, exact to the byte.
 *
 * @param bytes 0 or more
 */
@Called("a size")
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final String UNITS = "KMGT";
    private static final int UNIT_BITS = 10;
    private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(?:([kmgt])(?:ib)?|b)?");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: `%d`".formatted(bytes));
        }
    }

    /**
     * Reads a size such as {@code 64m}, {@code 1.5 GiB} or {@code 4096}; units count by 1024, in either case.
     *
     * @throws IllegalArgumentException if the text is none, with a message for the user
     */
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("`%s` is not a size; hint: write `64.MiB` or '64m'".formatted(text));
        }
        int unit = matcher.group(2) == null
                ? 0
                : 1 + UNITS.indexOf(matcher.group(2).toUpperCase(Locale.ROOT));
        return of(new BigDecimal(matcher.group(1)), unit);
    }

    /**
     * Returns the size that a value stands for: a size, a number of bytes, or a text as for {@link #parse}.
     *
     * @throws IllegalArgumentException if it stands for none, with a message for the user
     */
    public static ByteSize of(Object value) {
        if (value instanceof ByteSize size) {
            return size;
        }
        boolean whole = value instanceof Integer || value instanceof Long;
        return whole ? new ByteSize(((Number) value).longValue()) : parse(value.toString());
    }

    static ByteSize kib(Number count) {
        return of(decimal(count), 1);
    }

    static ByteSize mib(Number count) {
        return of(decimal(count), 2);
    }

    static ByteSize gib(Number count) {
        return of(decimal(count), 3);
    }

    static ByteSize tib(Number count) {
        return of(decimal(count), 4);
    }

    private static BigDecimal decimal(Number count) {
        return new BigDecimal(count.toString());
    }

    private static ByteSize of(BigDecimal count, int unit) {
        BigDecimal bytes = count.multiply(BigDecimal.valueOf(1L << (unit * UNIT_BITS)));
        try {
            return new ByteSize(bytes.longValueExact());
        } catch (ArithmeticException e) {
            String why = bytes.stripTrailingZeros().scale() > 0 ? "not a whole number of bytes" : "too large";
            throw new IllegalArgumentException("`%s` is %s".formatted(shown(count, unit), why), e);
        }
    }

    private static String shown(BigDecimal count, int unit) {
        return count.toPlainString() + (unit == 0 ? "" : UNITS.charAt(unit - 1) + "iB");
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** Returns the size in the largest unit in which it is a whole number: {@code 64MiB}, {@code 100}. */
    @Override
    public String toString() {
        int unit = bytes == 0 ? 0 : Math.min(UNITS.length(), Long.numberOfTrailingZeros(bytes) / UNIT_BITS);
        return shown(BigDecimal.valueOf(bytes >> (unit * UNIT_BITS)), unit);
    }
}
