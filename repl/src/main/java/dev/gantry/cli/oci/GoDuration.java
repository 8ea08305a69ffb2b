package dev.gantry.cli.oci;

import dev.gantry.cli.command.UsageException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as programs in Go write them: {@code 1.5s}, {@code 100ms}, {@code 1h30m}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|s|m|h)");

    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private GoDuration() {}

    /** @throws UsageException if it is none */
    static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        double nanos = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos += Double.parseDouble(part.group(1)) * NANOS.get(part.group(2));
            end = part.end();
        }
        if (text.isEmpty() || end != text.length()) {
            throw new UsageException("invalid duration `%s`; such as 5s, 100ms or 1h30m".formatted(text));
        }
        return Duration.ofNanos((long) nanos);
    }
}
