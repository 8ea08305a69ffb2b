package dev.gantry.kernel.jnr;

import com.kenai.jffi.MemoryIO;
import dev.gantry.wire.RawText;
import java.nio.ByteBuffer;

/** A block of native memory, zeroed, for one call; freed on close. Not thread-safe. */
final class Block implements AutoCloseable {
    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final long address;

    private Block(long size) {
        this.address = MEMORY.allocateMemory(size, true);
        if (address == 0) {
            throw new OutOfMemoryError("no native memory for %d bytes".formatted(size));
        }
    }

    static Block of(long size) {
        return new Block(size);
    }

    /** Returns a block that holds the string as C wants it: UTF-8, and bytes that are none. */
    static Block string(String value) {
        byte[] bytes = RawText.encode(value);
        return new Block(bytes.length + 1L).bytes(0, bytes);
    }

    /** Returns where the next byte of a direct buffer lies, which the caller keeps reachable. */
    static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("the buffer must be direct");
        }
        return MEMORY.getDirectBufferAddress(direct) + direct.position();
    }

    long address() {
        return address;
    }

    Block bytes(int offset, byte[] value) {
        MEMORY.putByteArray(address + offset, value, 0, value.length);
        return this;
    }

    /** Returns the first bytes. */
    byte[] bytes(int count) {
        byte[] value = new byte[count];
        MEMORY.getByteArray(address, value, 0, count);
        return value;
    }

    Block int32(int offset, int value) {
        MEMORY.putInt(address + offset, value);
        return this;
    }

    Block int64(int offset, long value) {
        MEMORY.putLong(address + offset, value);
        return this;
    }

    Block int16(int offset, int value) {
        MEMORY.putShort(address + offset, (short) value);
        return this;
    }

    int int32(int offset) {
        return MEMORY.getInt(address + offset);
    }

    long int64(int offset) {
        return MEMORY.getLong(address + offset);
    }

    int int16(int offset) {
        return MEMORY.getShort(address + offset) & 0xffff;
    }

    @Override
    public void close() {
        MEMORY.freeMemory(address);
    }
}
