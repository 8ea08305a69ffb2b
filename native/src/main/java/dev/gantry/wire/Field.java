package dev.gantry.wire;

/** One argument of an {@link Op}: eight bytes in the order itself, a number or the place of the data. */
public record Field(String name, Kind kind) {

    /** What the eight bytes mean, and the C type that says so. */
    public enum Kind {
        /** The value itself, unsigned. */
        NUMBER("uint64_t"),
        /** The place of a NUL-terminated string; 0 for none. */
        TEXT("wire_str"),
        /** The place of a count and that many places of strings. */
        LIST("wire_list"),
        /** The place of a size and that many bytes. */
        BLOB("wire_blob");

        final String type;

        Kind(String type) {
            this.type = type;
        }
    }
}
