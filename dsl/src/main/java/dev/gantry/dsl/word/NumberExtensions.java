package dev.gantry.dsl.word;

import java.time.Duration;
import java.util.Set;

/**
 * Gives numbers units, in every script: {@code 64.MiB}, {@code 2.s}.
 *
 * <p>A Groovy extension module: {@code getMiB} is how Groovy spells a property. Both the compiler's checks and running
 * scripts find it.
 */
public final class NumberExtensions {
    /** The names of the properties. */
    static final Set<String> UNITS = Set.of("KiB", "MiB", "GiB", "TiB", "ms", "s", "min", "h");

    private NumberExtensions() {}

    /** Returns that many times 1024 bytes. */
    public static ByteSize getKiB(Number count) {
        return ByteSize.kib(count);
    }

    /** Returns that many times 1024 KiB. */
    public static ByteSize getMiB(Number count) {
        return ByteSize.mib(count);
    }

    /** Returns that many times 1024 MiB. */
    public static ByteSize getGiB(Number count) {
        return ByteSize.gib(count);
    }

    /** Returns that many times 1024 GiB. */
    public static ByteSize getTiB(Number count) {
        return ByteSize.tib(count);
    }

    /** Returns that many milliseconds. */
    public static Duration getMs(Number count) {
        return TimeSpan.of(count, "ms");
    }

    /** Returns that many seconds. */
    public static Duration getS(Number count) {
        return TimeSpan.of(count, "s");
    }

    /** Returns that many minutes. */
    public static Duration getMin(Number count) {
        return TimeSpan.of(count, "min");
    }

    /** Returns that many hours. */
    public static Duration getH(Number count) {
        return TimeSpan.of(count, "h");
    }
}
