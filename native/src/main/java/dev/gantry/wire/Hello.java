package dev.gantry.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The first message to {@code gantry-init}: which slot each of the descriptors that come with it belongs to, and how
 * many descriptors follow that the program is to keep, in messages of one byte and at most {@link #MAX_FDS} each.
 */
public final class Hello {
    /** As many as the kernel passes on with one message, SCM_MAX_FD of unix(7). */
    public static final int MAX_FDS = 253;

    /** Room for every {@link Slot}; a multiple of four, so that the C struct has no padding. */
    static final int MAX_SLOTS = 12;

    private static final int BYTES = 16 + MAX_SLOTS;

    private Hello() {}

    /**
     * Returns the message for descriptors sent in the order of {@code slots}, with {@code preserved} more to follow.
     */
    public static ByteBuffer of(List<Slot> slots, int preserved) {
        ByteBuffer hello = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
        hello.putInt(Wire.MAGIC).putInt(Wire.version()).putInt(slots.size()).putInt(preserved);
        slots.forEach(slot -> hello.put((byte) slot.ordinal()));
        return hello.position(0);
    }
}
