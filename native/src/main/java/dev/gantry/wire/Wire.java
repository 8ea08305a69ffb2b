package dev.gantry.wire;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The numbers that both sides must agree on and that are not part of a single {@link Op}. */
public final class Wire {
    /** Begins every message and the plan: {@code "GNTY"}, little endian. */
    public static final int MAGIC = 0x59544e47;

    /** The descriptor on which {@code gantry-init} finds its socket. */
    public static final int SOCKET = 3;

    /** The step number of a report that belongs to no step. */
    public static final int NO_STEP = -1;

    /** The byte by which the runtime lets the init go on. */
    public static final int GO = 1;

    /** Exit status when Gantry itself failed, as for {@code docker run} and {@code chroot(1)}. */
    public static final int EXIT_RUNTIME = 125;

    /** Exit status when the program may not be executed. */
    public static final int EXIT_NOT_EXECUTABLE = 126;

    /** Exit status when there is no such program. */
    public static final int EXIT_NOT_FOUND = 127;

    /** The most additional groups of a process; the kernel takes 65536, which would be half a megabyte of stack. */
    public static final int MOST_GROUPS = 1024;

    /** The most namespaces that are joined: there are eight kinds. */
    public static final int MOST_NAMESPACES = 8;

    /** The most sources that are opened ahead; each is a descriptor, of which a process may usually have 1024. */
    public static final int MOST_SOURCES = 512;

    /** Bytes of the plan before its first order: magic, version, size, place of the data. */
    static final int PLAN_HEADER_BYTES = 24;

    /** Bytes of an order before its fields: code, step, size, padding. */
    static final int OP_HEADER_BYTES = 16;

    private static final int VERSION = checksum();

    private Wire() {}

    /** Returns a number that changes whenever an opcode or layout does, so that a stale init is found out. */
    public static int version() {
        return VERSION;
    }

    private static int checksum() {
        CRC32 sum = new CRC32();
        sum.update(HeaderWriter.layouts().getBytes(StandardCharsets.US_ASCII));
        return (int) sum.getValue();
    }
}
