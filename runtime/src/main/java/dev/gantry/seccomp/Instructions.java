package dev.gantry.seccomp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A sequence of {@code struct sock_filter} that is appended to: the few instructions of classic BPF that are needed
 * here ({@code seccomp(2)}, the kernel's {@code filter.rst}). Not thread-safe.
 */
final class Instructions {
    /** The size of one instruction. */
    static final int BYTES = 8;

    /** Offsets in {@code struct seccomp_data}. */
    static final int NUMBER = 0;

    static final int ARCHITECTURE = 4;

    private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int JUMP_IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Loads a word of the data that describes the call. */
    Instructions load(int offset) {
        return add(LOAD_WORD, 0, 0, offset);
    }

    /** Skips instructions, 0 to 255, according to whether the loaded word is {@code value}. */
    Instructions ifEqual(int value, int skipIfSo, int skipIfNot) {
        return add(JUMP_IF_EQUAL, skipIfSo, skipIfNot, value);
    }

    /** Skips instructions, 0 to 255, according to whether the loaded word is {@code value} or more, unsigned. */
    Instructions ifAtLeast(int value, int skipIfSo, int skipIfNot) {
        return add(JUMP_IF_AT_LEAST, skipIfSo, skipIfNot, value);
    }

    /** Ends the program with an action. */
    Instructions answer(int action) {
        return add(RETURN, 0, 0, action);
    }

    /** Appends instructions made elsewhere; their jumps are relative. */
    Instructions append(byte[] program) {
        out.writeBytes(program);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private Instructions add(int code, int skipIfSo, int skipIfNot, int value) {
        return append(ByteBuffer.allocate(BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) code)
                .put((byte) skipIfSo)
                .put((byte) skipIfNot)
                .putInt(value)
                .array());
    }
}
