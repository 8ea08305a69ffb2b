package dev.gantry.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The first message to {@code gantry-init}: which slot each of the descriptors that come with it belongs to. */
public final class Hello {
    /** How many descriptors can be sent; more than there are slots, for those that are preserved. */
    public static final int MOST_SLOTS = 52;

    private static final int BYTES = 12 + MOST_SLOTS;

    private Hello() {}

    /** Returns the message for descriptors sent in the order of {@code slots}. */
    public static ByteBuffer of(List<Slot> slots) {
        ByteBuffer hello = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
        hello.putInt(Wire.MAGIC).putInt(Wire.version()).putInt(slots.size());
        slots.forEach(slot -> hello.put((byte) slot.ordinal()));
        return hello.position(0);
    }
}
