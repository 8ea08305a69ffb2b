package dev.gantry.wire;

/** One argument of an {@link Op}: eight bytes in the order itself, a number or the place of the data. */
public record Field(String name, Kind kind) {

    /** What the eight bytes mean, the C type that says so, and the letter by which the init knows it. */
    public enum Kind {
        /** The value itself, unsigned. */
        NUMBER("uint64_t", 'n'),
        /** The place of a NUL-terminated string. */
        TEXT("wire_str", 't'),
        /** As {@link #TEXT}, or 0 for none. */
        OPTIONAL("wire_str", 'o'),
        /** The place of a count and that many places of strings. */
        LIST("wire_list", 'l'),
        /** The place of a size and that many bytes. */
        BLOB("wire_blob", 'b');

        final String type;
        final char letter;

        Kind(String type, char letter) {
            this.type = type;
            this.letter = letter;
        }
    }
}
