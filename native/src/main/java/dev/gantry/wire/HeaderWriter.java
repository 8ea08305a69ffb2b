package dev.gantry.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/** Writes {@code wire.h}, the C side of this package; run by the build before the C compiler. */
public final class HeaderWriter {
    private HeaderWriter() {}

    /**
     * Writes the header to the file named by the only argument, if its content would change.
     *
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        String header = header();
        if (Files.exists(file) && Files.readString(file).equals(header)) {
            return; // keeps make from building again
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, header);
    }

    static String header() {
        return """
                /* Generated from dev.gantry.wire.Op by HeaderWriter; not to be edited. */
                #ifndef GANTRY_WIRE_H
                #define GANTRY_WIRE_H

                #include <stdint.h>

                #define WIRE_VERSION %s
                %s
                #endif
                """.formatted(hex(Wire.version()), layouts());
    }

    /**
     * Returns everything whose change makes an older init unusable. Every launch makes a checksum of it, so it is put
     * together without a {@link java.util.Formatter}, whose first use takes 10 ms.
     */
    static String layouts() {
        StringBuilder out = new StringBuilder();
        constants(out);
        enumeration(out, "wire_code", "WIRE_", Op.values());
        enumeration(out, "wire_slot", "WIRE_SLOT_", Slot.values());
        enumeration(out, "wire_report_kind", "WIRE_REPORT_", Report.Kind.values());
        out.append("""

                typedef struct { uint64_t at; } wire_str;
                typedef struct { uint64_t at; } wire_list;
                typedef struct { uint64_t at; } wire_blob;

                struct wire_hello { uint32_t magic, version, count, preserved; uint8_t slots[SLOTS]; };
                struct wire_plan { uint32_t magic, version; uint64_t size, data; };
                struct wire_op { uint32_t code, step, size, padding; };
                struct wire_report {
                    uint32_t magic, kind, step;
                    int32_t error;
                    int64_t value, reserved;
                    char text[TEXT];
                };
                _Static_assert(sizeof(struct wire_plan) == PLAN, "plan header");
                _Static_assert(sizeof(struct wire_op) == OP, "order header");
                _Static_assert(sizeof(struct wire_report) == REPORT, "report");

                """.replace("SLOTS", "" + Hello.MAX_SLOTS)
                .replace("TEXT", "" + (Report.BYTES - Report.TEXT_AT))
                .replace("PLAN", "" + Wire.PLAN_HEADER_BYTES)
                .replace("OP", "" + Wire.OP_HEADER_BYTES)
                .replace("REPORT", "" + Report.BYTES));
        for (Op op : Op.values()) {
            struct(out, op);
        }
        shapes(out);
        return out.toString();
    }

    private static void constants(StringBuilder out) {
        define(out, "MAGIC", hex(Wire.MAGIC));
        define(out, "SOCKET", Wire.SOCKET);
        define(out, "MAX_FDS", Hello.MAX_FDS);
        define(out, "NO_STEP", hex(Wire.NO_STEP));
        define(out, "GO", Wire.GO);
        define(out, "EXIT_RUNTIME", Wire.EXIT_RUNTIME);
        define(out, "EXIT_NOT_EXECUTABLE", Wire.EXIT_NOT_EXECUTABLE);
        define(out, "EXIT_NOT_FOUND", Wire.EXIT_NOT_FOUND);
        define(out, "MOST_GROUPS", Wire.MOST_GROUPS);
        define(out, "MOST_NAMESPACES", Wire.MOST_NAMESPACES);
        define(out, "MOST_SOURCES", Wire.MOST_SOURCES);
        define(out, "SLOT_COUNT", Slot.values().length);
    }

    private static String hex(int number) {
        return "0x" + HexFormat.of().toHexDigits(number) + "U";
    }

    private static void define(StringBuilder out, String name, Object value) {
        out.append("#define WIRE_" + name + " " + value + "\n");
    }

    private static void enumeration(StringBuilder out, String tag, String prefix, Enum<?>[] values) {
        out.append("\nenum " + tag + " {\n");
        for (Enum<?> value : values) {
            String name = value.name().toUpperCase(Locale.ROOT);
            out.append("    " + prefix + name + " = " + value.ordinal() + ",\n");
        }
        out.append("};\n");
    }

    /** What the fields of each order are, by opcode: what is checked when a plan is received. */
    private static void shapes(StringBuilder out) {
        out.append("\n");
        for (Field.Kind kind : Field.Kind.values()) {
            define(out, "KIND_" + kind, "'" + kind.letter + "'");
        }
        out.append("\n#define WIRE_SHAPES { ");
        for (Op op : Op.values()) {
            out.append("\\\n    [WIRE_" + op.name() + "] = \"");
            for (Field field : op.fields()) {
                out.append(field.kind().letter);
            }
            out.append("\", ");
        }
        out.append("\\\n}\n");
    }

    private static void struct(StringBuilder out, Op op) {
        out.append("struct wire_" + op.stem() + " { struct wire_op op;");
        for (Field field : op.fields()) {
            out.append(" " + field.kind().type + " " + field.name() + ";");
        }
        out.append(" };\n");
    }
}
