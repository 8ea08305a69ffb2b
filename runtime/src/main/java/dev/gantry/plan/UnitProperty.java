package dev.gantry.plan;

/**
 * A property of a systemd unit, org.freedesktop.systemd1(5).
 *
 * @param value a {@link Boolean}, a {@link String}, a {@link Long} for an unsigned number, of which -1 is the largest,
 *     or a {@code byte[]}
 */
public record UnitProperty(String name, Object value) {
    /** Returns what is printed of it. */
    String text() {
        if (value instanceof byte[] bytes) {
            StringBuilder hex = new StringBuilder();
            for (byte each : bytes) {
                hex.append("%02x".formatted(each));
            }
            return "%s=%s".formatted(name, hex);
        }
        return "%s=%s".formatted(name, Long.valueOf(-1).equals(value) ? "infinity" : value);
    }
}
