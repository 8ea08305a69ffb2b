package dev.gantry.dsl.word;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lengths of time that are written the way people write them. */
public final class TimeSpan {
    private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|m|h)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);
    private static final int NANO_DIGITS = 6; // of a millisecond

    private TimeSpan() {}

    /**
     * Reads a time such as {@code 500ms}, {@code 1.5s}, {@code 2m}, {@code 2min} or {@code 1h}.
     *
     * @throws IllegalArgumentException if the text is none, with a message for the user
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "`%s` is not a length of time; hint: write `2.s` or '500ms'".formatted(text));
        }
        return of(new BigDecimal(matcher.group(1)), matcher.group(2));
    }

    /** Returns a number of {@code ms}, {@code s}, {@code m} or {@code h}. */
    public static Duration of(Number count, String unit) {
        BigDecimal millis = new BigDecimal(count.toString()).multiply(BigDecimal.valueOf(MILLIS.get(unit)));
        return Duration.ofNanos(millis.movePointRight(NANO_DIGITS).longValue());
    }

    /** Returns a time as people write it, such as {@code 1.5s}. */
    public static String text(Duration time) {
        return time.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
