package dev.gantry.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

                #define WIRE_VERSION 0x%08xU
                %s
                #endif
                """.formatted(Wire.version(), layouts());
    }

    /** Returns everything whose change makes an older init unusable. */
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

                struct wire_hello { uint32_t magic, version, count; uint8_t slots[%d]; };
                struct wire_plan { uint32_t magic, version; uint64_t size, data; };
                struct wire_op { uint32_t code, step, size, padding; };
                struct wire_report {
                    uint32_t magic, kind, step;
                    int32_t error;
                    int64_t value, reserved;
                    char text[%d];
                };
                _Static_assert(sizeof(struct wire_plan) == %d, "plan header");
                _Static_assert(sizeof(struct wire_op) == %d, "order header");
                _Static_assert(sizeof(struct wire_report) == %d, "report");

                """.formatted(
                        Hello.MOST_SLOTS,
                        Report.BYTES - Report.TEXT_AT,
                        Wire.PLAN_HEADER_BYTES,
                        Wire.OP_HEADER_BYTES,
                        Report.BYTES));
        for (Op op : Op.values()) {
            struct(out, op);
        }
        return out.toString();
    }

    private static void constants(StringBuilder out) {
        define(out, "MAGIC", "0x%08xU".formatted(Wire.MAGIC));
        define(out, "SOCKET", Wire.SOCKET);
        define(out, "NO_STEP", "0x%08xU".formatted(Wire.NO_STEP));
        define(out, "GO", Wire.GO);
        define(out, "EXIT_RUNTIME", Wire.EXIT_RUNTIME);
        define(out, "EXIT_NOT_EXECUTABLE", Wire.EXIT_NOT_EXECUTABLE);
        define(out, "EXIT_NOT_FOUND", Wire.EXIT_NOT_FOUND);
        define(out, "MOST_GROUPS", Wire.MOST_GROUPS);
        define(out, "MOST_NAMESPACES", Wire.MOST_NAMESPACES);
        define(out, "MOST_SOURCES", Wire.MOST_SOURCES);
        define(out, "SLOT_COUNT", Slot.values().length);
    }

    private static void define(StringBuilder out, String name, Object value) {
        out.append("#define WIRE_%s %s\n".formatted(name, value));
    }

    private static void enumeration(StringBuilder out, String tag, String prefix, Enum<?>[] values) {
        out.append("\nenum %s {\n".formatted(tag));
        for (Enum<?> value : values) {
            out.append("    %s%s = %d,\n".formatted(prefix, value.name().toUpperCase(Locale.ROOT), value.ordinal()));
        }
        out.append("};\n");
    }

    private static void struct(StringBuilder out, Op op) {
        out.append("struct wire_%s { struct wire_op op;".formatted(op.stem()));
        for (Field field : op.fields()) {
            out.append(" %s %s;".formatted(field.kind().type, field.name()));
        }
        out.append(" };\n");
    }
}
